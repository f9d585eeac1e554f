package io.engram.client.differential;

import io.engram.client.conformance.StateRoots;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.interpreter.DecodedCodeCache;
import io.engram.evm.interpreter.FastInterpreter;
import io.engram.evm.interpreter.Frame;
import io.engram.evm.interpreter.HaltReason;
import io.engram.evm.memory.MemoryState;
import io.engram.evm.precompile.Precompiles;
import io.engram.evm.state.Journal;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.IntrinsicGas;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionProcessor;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** This client's EVM. Counts the opcodes that it runs one by one. */
final class OwnEvm {

    private final TransactionProcessor processor =
            new TransactionProcessor(Precompiles::at, List.of(), new FastInterpreter(new DecodedCodeCache(1 << 22)));
    private long opcodes;

    private final Tracer counter = new Tracer() {
        @Override
        public boolean tracesSteps() {
            return true;
        }

        @Override
        public void step(Frame frame, int opcode) {
            opcodes++;
        }
    };

    long opcodes() {
        return opcodes;
    }

    long intrinsicGas(Scenario scenario) {
        return IntrinsicGas.of(
                        processor.table(scenario.fork()),
                        scenario.data(),
                        scenario.to().isEmpty(),
                        List.of(),
                        0)
                .gas();
    }

    /** In the fast interpreter. */
    Result run(Scenario scenario) {
        return run(scenario, Tracer.NONE);
    }

    /** In the plain interpreter. */
    Result runOneByOne(Scenario scenario) {
        return run(scenario, counter);
    }

    private Result run(Scenario scenario, Tracer tracer) {
        MemoryState state = scenario.state();
        Journal journal = new Journal(state, new CodeCache(1 << 20));
        Call call = new Call(
                Scenario.SENDER,
                scenario.to(),
                scenario.value(),
                scenario.data(),
                scenario.gas() + intrinsicGas(scenario),
                Scenario.GAS_PRICE,
                false,
                List.of(),
                List.of(),
                List.of());
        if (!(processor.call(call, scenario.block(), journal, tracer)
                instanceof TransactionOutcome.Executed executed)) {
            throw new IllegalStateException("not executed: " + scenario);
        }
        boolean reverted = executed.halt().equals(Optional.of(HaltReason.REVERT));
        return new Result(
                executed.succeeded() ? "success" : reverted ? "revert" : "failure",
                executed.gasUsed() + executed.refund() - intrinsicGas(scenario),
                executed.refund(),
                scenario.to().isEmpty() ? Bytes.EMPTY : executed.output(),
                executed.logs(),
                new StateRoots(state).after(journal.changes()));
    }
}
