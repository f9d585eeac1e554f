package io.engram.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.evm.BlockContext;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.interpreter.DecodedCodeCache;
import io.engram.evm.interpreter.FastInterpreter;
import io.engram.evm.interpreter.Interpreter;
import io.engram.evm.interpreter.PlainInterpreter;
import io.engram.evm.memory.MemoryState;
import io.engram.evm.precompile.Precompiles;
import io.engram.evm.state.Journal;
import io.engram.evm.state.StateChanges;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionProcessor;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Bytes as code, in the plain and in the fast interpreter: the same outcome, whatever the code. The first byte chooses
 * the fork, the next two the gas, the fourth where the second contract's code begins.
 */
class BytecodeFuzzTest {

    private static final int HEAD = 4;
    private static final List<Fork> FORKS = List.of(Fork.values());
    private static final long BASE_GAS = 21_000;
    private static final Address SENDER = new Address(0, 0, 0xaa);
    private static final Address FIRST = new Address(0, 0, 0xc0de1);
    private static final Address SECOND = new Address(0, 0, 0xc0de2);

    private static final TransactionProcessor PLAIN = processor(new PlainInterpreter());
    private static final TransactionProcessor FAST =
            processor(new FastInterpreter(new DecodedCodeCache(DecodedCodeCache.DEFAULT_LIMIT)));

    private record Result(TransactionOutcome outcome, StateChanges changes) {}

    private static TransactionProcessor processor(Interpreter interpreter) {
        return new TransactionProcessor(Precompiles::at, List.of(), interpreter);
    }

    @FuzzTest(maxDuration = "2m")
    void both_interpreters_agree(byte[] input) {
        if (input.length <= HEAD) {
            return;
        }
        Fork fork = FORKS.get((input[0] & 0xff) % FORKS.size());
        long gas = BASE_GAS + 4L * (((input[1] & 0xff) << 8) | (input[2] & 0xff));
        Bytes code = Bytes.wrap(input, HEAD, input.length - HEAD);
        int split = code.size() * (input[3] & 0xff) / 256;
        assertThat(run(FAST, fork, code.slice(split), code.slice(0, split), gas))
                .isEqualTo(run(PLAIN, fork, code.slice(split), code.slice(0, split), gas));
    }

    private static Result run(TransactionProcessor processor, Fork fork, Bytes first, Bytes second, long gas) {
        MemoryState state = new MemoryState();
        state.put(SENDER, 0, Wei.ofEther(1), Bytes.EMPTY, Map.of());
        state.put(FIRST, 1, Wei.of(1_000), first, Map.of(UInt256.ZERO, UInt256.valueOf(5)));
        state.put(SECOND, 1, Wei.of(1_000), second, Map.of(UInt256.ONE, UInt256.MAX_VALUE));
        BlockContext block = new BlockContext(
                fork,
                UInt256.ONE,
                1_000,
                12_345,
                30_000_000,
                new Address(0, 0, 0xcb),
                UInt256.valueOf(77),
                Wei.of(7),
                Wei.of(1),
                number -> new Hash(0, 0, 0, number));
        Journal journal = new Journal(state, new CodeCache(1 << 20));
        Call call = Call.of(SENDER, Optional.of(FIRST), Wei.of(3), Bytes.of(1, 2, 3), gas);
        TransactionOutcome outcome = processor.call(call, block, journal, Tracer.NONE);
        return new Result(outcome, journal.changes());
    }
}
