package io.engram.client.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.memory.MemoryState;
import io.engram.evm.precompile.Precompiles;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.TransactionProcessor;
import io.engram.genesis.Hash;
import io.engram.genesis.fork.Fork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs state tests: one transaction on a given state, for each fork and choice of data, gas and value;
 * and the older VM tests. Thread-safe.
 */
public final class StateTests implements ConformanceRun.TestRunner {

    /** Follows one case. */
    public interface CaseObserver {
        /** For the case that is about to run. */
        Tracer tracer();

        /** The case has ended. */
        void ended(CaseResult result);
    }

    private final CodeCache codes = new CodeCache(CodeCache.DEFAULT_LIMIT);
    private final TransactionProcessor processor = new TransactionProcessor(Precompiles::at, List.of());
    private final VmTests vm = new VmTests();
    private final Optional<String> onlyFork;
    private final Optional<CaseObserver> observer;

    /**
     * @param onlyFork the network to run; all when empty
     * @param observer needs the run to have one thread
     */
    public StateTests(Optional<String> onlyFork, Optional<CaseObserver> observer) {
        this.onlyFork = onlyFork;
        this.observer = observer;
    }

    /** Whether state tests can be for a network of this name. */
    public static boolean isKnown(String network) {
        return TestNetworks.isFork(network);
    }

    @Override
    public void run(String name, JsonNode test, Consumer<CaseResult> results) {
        if (test.has("exec") && onlyFork.isEmpty()) {
            vm.run(name, test, results);
            return;
        }
        if (!test.has("transaction") || !test.has("post")) {
            results.accept(CaseResult.skipped(name, "", "not a state test"));
            return;
        }
        MemoryState pre = Fields.state(test.path("pre"));
        StateRoots roots = new StateRoots(pre);
        test.path("post").properties().forEach(entry -> {
            String network = entry.getKey();
            if (onlyFork.isPresent() && !onlyFork.get().equalsIgnoreCase(network)) {
                return;
            }
            Optional<Fork> fork = TestNetworks.fork(network);
            if (fork.isEmpty()) {
                results.accept(CaseResult.skipped(name, network, "the network " + network + " is not known"));
                return;
            }
            for (JsonNode post : entry.getValue()) {
                StateTestCase one = new StateTestCase(test, post, network, fork.get(), pre, roots);
                CaseResult result = run(name, one);
                observer.ifPresent(o -> o.ended(result));
                results.accept(result);
            }
        });
    }

    // A case that throws is a failed case, whatever it throws.
    private CaseResult run(String name, StateTestCase one) {
        Map<String, Object> facts = new LinkedHashMap<>();
        JsonNode indexes = one.post().path("indexes");
        facts.put("d", indexes.path("data").asInt());
        facts.put("g", indexes.path("gas").asInt());
        facts.put("v", indexes.path("value").asInt());
        Optional<String> fault;
        try {
            Tracer tracer = observer.map(CaseObserver::tracer).orElse(Tracer.NONE);
            StateTestCase.Outcome outcome = one.execute(processor, codes, tracer);
            facts.put("stateRoot", outcome.stateRoot().toHex());
            facts.put("logsRoot", outcome.logsHash().toHex());
            facts.put("output", outcome.output().toHexString());
            facts.put("gasUsed", outcome.gasUsed());
            outcome.rejection().ifPresent(rejection -> facts.put("rejection", rejection));
            fault = one.judge(outcome);
        } catch (RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            fault = Optional.of(e + (trace.length > 0 ? " at " + trace[0] : ""));
        }
        facts.put(
                "expectedStateRoot",
                Hash.fromHex(one.post().path("hash").asText()).toHex());
        return fault.map(what -> CaseResult.failed(name, one.network(), what, facts))
                .orElseGet(() -> CaseResult.passed(name, one.network(), facts));
    }
}
