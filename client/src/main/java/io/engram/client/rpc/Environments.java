package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.chain.CallSimulator;
import io.engram.evm.BlockContext;
import io.engram.evm.state.Account;
import io.engram.evm.state.Journal;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.tuweni.units.bigints.UInt256;

/** Where eth_call and its kin run: the block meant, as it is, or for pending the one that would come next. */
public final class Environments {

    /**
     * A place to run messages at, as often as wanted.
     *
     * @param block what the messages see of their block
     * @param sessions each with the overrides applied and nothing else
     */
    public record Environment(BlockContext block, Supplier<CallSimulator.Session> sessions) {

        /** Runs a message and forgets what it did. */
        TransactionOutcome run(Call call, Tracer tracer) {
            RequestDeadline.check();
            return sessions.get().call(call, tracer);
        }

        /** The account before any message. */
        Account account(Address address) {
            return sessions.get().journal().account(address).orElse(Account.EMPTY);
        }
    }

    private final ChainView chain;
    private final CallSimulator simulator;
    private final LongSupplier nextTimestamp;

    /** @param nextTimestamp of a block made now, seconds since 1970 */
    public Environments(ChainView chain, CallSimulator simulator, LongSupplier nextTimestamp) {
        this.chain = chain;
        this.simulator = simulator;
        this.nextTimestamp = nextTimestamp;
    }

    public Environment pending() {
        return of(BlockReference.Tag.PENDING, Optional.empty(), Optional.empty());
    }

    /**
     * The environment of a call.
     *
     * @param stateOverride address → {balance, nonce, code, state, stateDiff}
     * @param blockOverride {number, time, gasLimit, feeRecipient, prevRandao, baseFeePerGas, blobBaseFee}
     */
    Environment of(BlockReference reference, Optional<JsonNode> stateOverride, Optional<JsonNode> blockOverride) {
        ChainView.Located block = chain.require(reference);
        Consumer<Journal> edits = StateOverrides.parse(stateOverride);
        Supplier<CallSimulator.Session> plain =
                reference == BlockReference.Tag.PENDING ? this::onPending : () -> onTopOf(block);
        BlockContext own = plain.get().block();
        BlockContext seen = blockOverride.map(set -> override(own, set)).orElse(own);
        return new Environment(seen, () -> {
            CallSimulator.Session session = plain.get();
            edits.accept(session.journal());
            return new CallSimulator.Session(seen, session.journal(), session.processor());
        });
    }

    private CallSimulator.Session onPending() {
        return simulator.pending(chain.head().header().coinbase(), nextTimestamp.getAsLong(), RequestDeadline.terms());
    }

    private CallSimulator.Session onTopOf(ChainView.Located block) {
        chain.requireCanonical(block);
        return simulator
                .onTopOf(block.header(), RequestDeadline.terms())
                .orElseThrow(() -> ChainView.stateNotKept(block));
    }

    private static BlockContext override(BlockContext block, JsonNode set) {
        if (!set.isObject()) {
            throw RpcException.invalidParameter("blockOverrides", "expected an object");
        }
        return new BlockContext(
                block.fork(),
                block.chainId(),
                quantity(set, "number", block.number()),
                quantity(set, "time", block.timestamp()),
                quantity(set, "gasLimit", block.gasLimit()),
                address(set, "feeRecipient").or(() -> address(set, "coinbase")).orElse(block.coinbase()),
                RpcValues.member(set, "prevRandao").map(word -> randao(word)).orElse(block.difficultyOrRandao()),
                wei(set, "baseFeePerGas").or(() -> wei(set, "baseFee")).orElse(block.baseFee()),
                wei(set, "blobBaseFee").orElse(block.blobBaseFee()),
                block.blockHash());
    }

    private static UInt256 randao(JsonNode word) {
        Hash hash = RpcValues.hash(word, "blockOverrides.prevRandao");
        return UInt256.fromBytes(hash.toBytes());
    }

    private static long quantity(JsonNode set, String name, long otherwise) {
        return RpcValues.member(set, name)
                .map(value -> RpcValues.quantity(value, "blockOverrides." + name))
                .orElse(otherwise);
    }

    private static Optional<Address> address(JsonNode set, String name) {
        return RpcValues.member(set, name).map(value -> RpcValues.address(value, "blockOverrides." + name));
    }

    private static Optional<Wei> wei(JsonNode set, String name) {
        return RpcValues.member(set, name).map(value -> RpcValues.wei(value, "blockOverrides." + name));
    }
}
