package io.engram.client.dev;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.pool.AddResult;
import io.engram.client.pool.TransactionPool;
import io.engram.client.rpc.CallArguments;
import io.engram.client.rpc.Environments;
import io.engram.client.rpc.EthExecutionMethods;
import io.engram.client.rpc.EthTransactionMethods;
import io.engram.client.rpc.GasOracle;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcParameters;
import io.engram.client.rpc.RpcRegistry;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Sending for accounts whose keys the network knows, and for impersonated ones. */
final class AccountMethods {

    private final UInt256 chainId;
    private final TransactionPool pool;
    private final GasOracle oracle;
    private final Environments environments;
    private final EthExecutionMethods execution;
    private final Consumer<AddResult.Added> afterSend;
    private final Set<Address> impersonated = ConcurrentHashMap.newKeySet();
    private volatile boolean impersonateAll;

    AccountMethods(
            UInt256 chainId,
            TransactionPool pool,
            GasOracle oracle,
            Environments environments,
            EthExecutionMethods execution,
            Consumer<AddResult.Added> afterSend) {
        this.chainId = chainId;
        this.pool = pool;
        this.oracle = oracle;
        this.environments = environments;
        this.execution = execution;
        this.afterSend = afterSend;
    }

    void register(RpcRegistry registry) {
        registry.execution("eth_sendTransaction", this::send)
                .execution("eth_signTransaction", this::signTransaction)
                .execution("eth_sign", parameters -> sign(parameters.address(0, "address"), parameters.data(1, "data")))
                .execution(
                        "personal_sign",
                        parameters -> sign(parameters.address(1, "address"), parameters.data(0, "data")));
        for (String namespace : List.of("anvil_", "hardhat_")) {
            registry.cheap(namespace + "impersonateAccount", parameters -> {
                        impersonated.add(parameters.address(0, "address"));
                        return Json.bool(true);
                    })
                    .cheap(namespace + "stopImpersonatingAccount", parameters -> {
                        impersonated.remove(parameters.address(0, "address"));
                        return Json.bool(true);
                    });
        }
        registry.cheap("anvil_autoImpersonateAccount", parameters -> {
            impersonateAll = parameters.flag(0, "enabled", true);
            return Json.bool(true);
        });
    }

    private JsonNode send(RpcParameters parameters) {
        CallArguments arguments = CallArguments.parse(parameters.required(0, "transaction"), "transaction");
        Address from = sender(arguments);
        Optional<KeyPair> key = DevKeys.find(from);
        if (key.isEmpty() && !impersonateAll && !impersonated.contains(from)) {
            throw new RpcException(
                    RpcErrorCode.INVALID_SENDER, "unknown account " + from.toChecksumHex() + ": impersonate it first");
        }
        UnsignedTransaction content = complete(arguments, from);
        AddResult result = key.isPresent() && !impersonated.contains(from)
                ? pool.add(content.sign(key.get()))
                : pool.add(content.withSignature(ImpersonatedSignature.of(from)).withSender(from));
        return RpcHex.data(EthTransactionMethods.accepted(result, afterSend));
    }

    private JsonNode signTransaction(RpcParameters parameters) {
        CallArguments arguments = CallArguments.parse(parameters.required(0, "transaction"), "transaction");
        Address from = sender(arguments);
        Transaction signed = complete(arguments, from).sign(key(from));
        return RpcHex.data(signed.encoded());
    }

    private static Address sender(CallArguments arguments) {
        return arguments.from().orElseThrow(() -> RpcException.invalidParameter("transaction.from", "missing"));
    }

    private static KeyPair key(Address address) {
        return DevKeys.find(address)
                .orElseThrow(() ->
                        new RpcException(RpcErrorCode.INVALID_SENDER, "unknown account " + address.toChecksumHex()));
    }

    /** Fills in what the caller left out: nonce, fees and gas. */
    private UnsignedTransaction complete(CallArguments arguments, Address from) {
        long gas = arguments.gas().orElseGet(() -> execution.estimate(arguments, environments.pending()));
        long nonce = arguments.nonce().orElseGet(() -> pool.nextNonce(from));
        UnsignedTransaction.Builder builder = UnsignedTransaction.of(type(arguments))
                .chainId(chainId)
                .nonce(nonce)
                .gasLimit(gas)
                .value(arguments.value())
                .data(arguments.data())
                .accessList(arguments.accessList().orElse(List.of()))
                .authorizations(arguments.authorizations());
        arguments.to().ifPresent(builder::to);
        if (arguments.gasPrice().isPresent()) {
            builder.gasPrice(arguments.gasPrice().get());
        } else {
            Wei tip = arguments.maxPriorityFeePerGas().orElseGet(oracle::tip);
            Wei maximum = arguments
                    .maxFeePerGas()
                    .orElseGet(() -> oracle.nextBaseFee().times(2).plus(tip));
            builder.fees(maximum, tip.compareTo(maximum) > 0 ? maximum : tip);
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw RpcException.invalidParameter("transaction", String.valueOf(e.getMessage()));
        }
    }

    private static TransactionType type(CallArguments arguments) {
        if (!arguments.authorizations().isEmpty()) {
            return TransactionType.SET_CODE;
        }
        if (arguments.gasPrice().isEmpty()) {
            return TransactionType.FEE_MARKET;
        }
        return arguments.accessList().isPresent() ? TransactionType.ACCESS_LIST : TransactionType.LEGACY;
    }

    /** A signature over a message with the prefix of EIP-191. */
    private static JsonNode sign(Address address, Bytes message) {
        byte[] prefix = ("\u0019Ethereum Signed Message:\n" + message.size()).getBytes(StandardCharsets.UTF_8);
        Hash digest = Keccak256.hash(Bytes.concatenate(Bytes.wrap(prefix), message));
        Signature signature = Secp256k1.sign(digest, key(address));
        return RpcHex.data(Bytes.concatenate(
                signature.r().toBytes(), signature.s().toBytes(), Bytes.of(27 + signature.yParity())));
    }
}
