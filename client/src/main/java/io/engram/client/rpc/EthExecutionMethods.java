package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.evm.interpreter.HaltReason;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.transaction.AccessListEntry;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** eth_call, eth_estimateGas and eth_createAccessList. */
public final class EthExecutionMethods {

    /** EIP-7825. */
    private static final long MAX_TRANSACTION_GAS = 1L << 24;

    private static final long PLAIN_TRANSFER_GAS = 21_000;
    private static final long CALL_STIPEND = 2_300;

    /** The search for the least gas ends when its bounds are this close, in thousandths. */
    private static final long ESTIMATE_TOLERANCE = 15;

    private static final int ACCESS_LIST_ROUNDS = 8;

    private final Environments environments;
    private final Function<Fork, Set<Address>> precompiles;
    private final long gasCap;

    /**
     * @param precompiles addresses of a fork's precompiled contracts
     * @param gasCap most gas that one run may use
     */
    EthExecutionMethods(Environments environments, Function<Fork, Set<Address>> precompiles, long gasCap) {
        this.environments = environments;
        this.precompiles = precompiles;
        this.gasCap = gasCap;
    }

    void register(RpcRegistry registry) {
        registry.execution("eth_call", this::call)
                .execution("eth_estimateGas", this::estimateGas)
                .execution("eth_createAccessList", this::createAccessList);
    }

    private JsonNode call(RpcParameters parameters) {
        CallArguments arguments = CallArguments.parse(parameters.required(0, "transaction"), "transaction");
        Environments.Environment environment =
                environments.of(parameters.block(1), parameters.optional(2), parameters.optional(3));
        Call call = message(arguments, environment, gasFor(arguments));
        TransactionOutcome outcome = environment.run(call, Tracer.NONE);
        return RpcHex.data(ExecutionErrors.requireSuccess(outcome).output());
    }

    /** The message with the gas that it asks for, within the cap. */
    Call message(CallArguments arguments, Environments.Environment environment) {
        return message(arguments, environment, gasFor(arguments));
    }

    private long gasFor(CallArguments arguments) {
        return Math.min(arguments.gas().orElse(gasCap), gasCap);
    }

    private static Call message(CallArguments arguments, Environments.Environment environment, long gas) {
        return new Call(
                arguments.from().orElse(Address.ZERO),
                arguments.to(),
                arguments.value(),
                arguments.data(),
                gas,
                price(arguments, environment.block().baseFee()),
                false,
                arguments.accessList().orElse(List.of()),
                List.of(),
                arguments.authorizations());
    }

    /** What GASPRICE pushes: zero when the caller says nothing of fees. */
    private static Wei price(CallArguments arguments, Wei baseFee) {
        if (arguments.gasPrice().isPresent()) {
            return requireCovers(arguments.gasPrice().get(), baseFee);
        }
        if (arguments.maxFeePerGas().isEmpty()) {
            return Wei.ZERO;
        }
        Wei maximum = requireCovers(arguments.maxFeePerGas().get(), baseFee);
        BigInteger wanted = baseFee.toBigInteger()
                .add(arguments.maxPriorityFeePerGas().orElse(Wei.ZERO).toBigInteger());
        return Wei.of(wanted.min(maximum.toBigInteger()));
    }

    private static Wei requireCovers(Wei price, Wei baseFee) {
        if (!price.isZero() && price.compareTo(baseFee) < 0) {
            throw new RpcException(
                    RpcErrorCode.FEE_CAP_TOO_LOW, RpcErrorCode.FEE_CAP_TOO_LOW.text() + ": " + price + " < " + baseFee);
        }
        return price;
    }

    private JsonNode estimateGas(RpcParameters parameters) {
        CallArguments arguments = CallArguments.parse(parameters.required(0, "transaction"), "transaction");
        Environments.Environment environment =
                environments.of(parameters.block(1), parameters.optional(2), parameters.optional(3));
        return RpcHex.quantity(estimate(arguments, environment));
    }

    /** The least gas limit, within a small tolerance, with which the message succeeds. */
    public long estimate(CallArguments arguments, Environments.Environment environment) {
        long high = highest(arguments, environment);
        if (isPlainTransfer(arguments, environment) && high >= PLAIN_TRANSFER_GAS) {
            TransactionOutcome outcome =
                    environment.run(message(arguments, environment, PLAIN_TRANSFER_GAS), Tracer.NONE);
            if (outcome instanceof TransactionOutcome.Executed executed && executed.succeeded()) {
                return PLAIN_TRANSFER_GAS;
            }
        }
        TransactionOutcome.Executed atHigh =
                ExecutionErrors.requireExecuted(environment.run(message(arguments, environment, high), Tracer.NONE));
        if (!atHigh.succeeded()) {
            throw atHigh.halt().filter(HaltReason.OUT_OF_GAS::equals).isPresent()
                    ? new RpcException(
                            RpcErrorCode.GAS_REQUIRED_EXCEEDS_ALLOWANCE,
                            RpcErrorCode.GAS_REQUIRED_EXCEEDS_ALLOWANCE.text() + " (" + high + ")")
                    : ExecutionErrors.ofHalt(atHigh);
        }
        return search(arguments, environment, atHigh, high);
    }

    private long search(
            CallArguments arguments,
            Environments.Environment environment,
            TransactionOutcome.Executed atHigh,
            long highest) {
        long high = highest;
        long low = atHigh.gasUsed() - 1;
        // What the run needed, with the part that calls hold back (EIP-150) and a stipend: mostly the answer.
        long guess = (atHigh.gasUsed() + atHigh.refund() + CALL_STIPEND) * 64 / 63;
        if (guess < high) {
            if (succeeds(arguments, environment, guess)) {
                high = guess;
            } else {
                low = guess;
            }
        }
        while (high - low > 1 && (high - low) * 1_000 > high * ESTIMATE_TOLERANCE) {
            // Gas limits are mostly far nearer to the low bound.
            long middle = Math.min(low + (high - low) / 2, low * 2);
            if (succeeds(arguments, environment, middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    private boolean succeeds(CallArguments arguments, Environments.Environment environment, long gas) {
        TransactionOutcome outcome = environment.run(message(arguments, environment, gas), Tracer.NONE);
        return outcome instanceof TransactionOutcome.Executed executed && executed.succeeded();
    }

    private long highest(CallArguments arguments, Environments.Environment environment) {
        long high = Math.min(arguments.gas().orElse(environment.block().gasLimit()), gasCap);
        if (environment.block().fork().isAtLeast(Fork.OSAKA)) {
            high = Math.min(high, MAX_TRANSACTION_GAS);
        }
        BigInteger price = arguments
                .gasPrice()
                .or(arguments::maxFeePerGas)
                .orElse(Wei.ZERO)
                .toBigInteger();
        if (price.signum() == 0) {
            return high;
        }
        BigInteger balance = environment
                .account(arguments.from().orElse(Address.ZERO))
                .balance()
                .toBigInteger();
        BigInteger free = balance.subtract(arguments.value().toBigInteger());
        if (free.signum() < 0) {
            throw new RpcException(RpcErrorCode.INSUFFICIENT_FUNDS);
        }
        return free.divide(price).min(BigInteger.valueOf(high)).longValue();
    }

    private static boolean isPlainTransfer(CallArguments arguments, Environments.Environment environment) {
        Optional<Address> to = arguments.to();
        return to.isPresent()
                && arguments.data().isEmpty()
                && arguments.accessList().isEmpty()
                && arguments.authorizations().isEmpty()
                && !environment.account(to.get()).hasCode();
    }

    private JsonNode createAccessList(RpcParameters parameters) {
        CallArguments arguments = CallArguments.parse(parameters.required(0, "transaction"), "transaction");
        Environments.Environment environment =
                environments.of(parameters.block(1), parameters.optional(2), Optional.empty());
        Call call = message(arguments, environment, gasFor(arguments));
        Set<Address> excluded =
                new HashSet<>(precompiles.apply(environment.block().fork()));
        excluded.add(call.from());
        call.to().ifPresent(excluded::add);
        List<AccessListEntry> list = call.accessList();
        int round = 0;
        while (true) {
            AccessListTracer tracer = new AccessListTracer(excluded);
            TransactionOutcome.Executed executed =
                    ExecutionErrors.requireExecuted(environment.run(withList(call, list), tracer));
            List<AccessListEntry> next = tracer.list();
            round++;
            if (next.equals(list) || round == ACCESS_LIST_ROUNDS) {
                ObjectNode json = Json.object();
                json.set("accessList", Json.array(list, TransactionView::accessListEntry));
                json.set("gasUsed", RpcHex.quantity(executed.gasUsed()));
                executed.halt().ifPresent(halt -> json.put("error", halt.text()));
                return json;
            }
            list = next;
        }
    }

    private static Call withList(Call call, List<AccessListEntry> list) {
        return new Call(
                call.from(),
                call.to(),
                call.value(),
                call.data(),
                call.gasLimit(),
                call.gasPrice(),
                call.charges(),
                list,
                call.blobVersionedHashes(),
                call.authorizations());
    }
}
