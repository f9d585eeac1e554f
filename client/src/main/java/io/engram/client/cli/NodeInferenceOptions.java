package io.engram.client.cli;

import io.engram.client.node.InferenceSettings;
import io.engram.client.node.SyncInference;
import io.engram.inference.engine.Backend;
import io.engram.inference.engine.EngineOptions;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a node runs models: the back end, and what it may use. */
final class NodeInferenceOptions {

    @Mixin
    private final InferenceOptions backend = new InferenceOptions();

    @Option(
            names = "--inference-cache-bytes",
            paramLabel = "BYTES",
            description = "Memory for models that stay loaded and prepared (default: 1 GiB, at most a quarter of the"
                    + " heap).")
    private Optional<Long> cacheBytes = Optional.empty();

    @Option(
            names = "--inference-memo-bytes",
            paramLabel = "BYTES",
            description = "Memory for results of inferences that this node computed (default: ${DEFAULT-VALUE}).",
            defaultValue = "" + EngineOptions.MEMO_BYTES)
    private long memoBytes = EngineOptions.MEMO_BYTES;

    @Option(
            names = "--inference-running-bytes",
            paramLabel = "BYTES",
            description = "Peak memory of inferences that run at once for callers; a block's never wait (default:"
                    + " 1 GiB, at most a quarter of the heap).")
    private Optional<Long> runningBytes = Optional.empty();

    @Option(
            names = "--no-inference-ahead",
            description = "Do not compute inferences of pooled transactions before a block asks for them.")
    private boolean notAhead;

    @Option(
            names = "--sync-inference",
            paramLabel = "MODE",
            description =
                    "verify: compute every inference of the chain. sealed: where a block carries a quorum of seals, take"
                            + " the results from peers if they hash to its inference root; no model is needed to follow the chain. A"
                            + " validator may sync so, but must hold a model before it votes on a block that calls it (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "verify")
    private String sync = "verify";

    @Mixin
    private final InferenceFaultOption fault = new InferenceFaultOption();

    private SyncInference syncInference() throws CommandFailedException {
        return switch (sync) {
            case "verify" -> SyncInference.VERIFY;
            case "sealed" -> SyncInference.SEALED;
            default -> throw new CommandFailedException("--sync-inference is verify or sealed, not " + sync);
        };
    }

    /** @throws CommandFailedException when an option is out of range or the back end does not work here */
    InferenceSettings settings() throws CommandFailedException {
        Backend opened = fault.appliedTo(backend.open(), System.getenv());
        EngineOptions defaults = EngineOptions.DEFAULT;
        try {
            return new InferenceSettings(
                    opened,
                    new EngineOptions(
                            cacheBytes.orElse(defaults.cacheBytes()),
                            memoBytes,
                            runningBytes.orElse(defaults.runningBytes()),
                            backend.threads),
                    !notAhead,
                    syncInference());
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException("inference options: " + e.getMessage(), e);
        }
    }
}
