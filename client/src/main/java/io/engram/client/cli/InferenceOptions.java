package io.engram.client.cli;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.Backends;
import io.engram.inference.engine.InferenceThreads;
import picocli.CommandLine.Option;

/** What runs the models. Every choice gives the same bits. */
final class InferenceOptions {

    @Option(
            names = "--inference-backend",
            paramLabel = "NAME",
            description =
                    "auto, cuda, native, vector or reference: what computes models (default: ${DEFAULT-VALUE}). auto"
                            + " takes the fastest that works here and passes a self-test.",
            defaultValue = "auto")
    String name = Backends.AUTO.key();

    @Option(
            names = "--inference-threads",
            paramLabel = "N",
            description = "Threads that a step, and the samples of a call, are split over (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    int threads = 1;

    @Option(
            names = "--inference-hash-thread",
            description = "One more thread hashes what steps give while the next are computed (native back end only).")
    private boolean hashThread;

    @Option(
            names = "--inference-cross-check",
            paramLabel = "N",
            description =
                    "One in N inferences of a GPU is computed by the processor too; another result ends the use of"
                            + " GPUs. 0: none (default: ${DEFAULT-VALUE}).",
            defaultValue = "0")
    int crossCheck = 0;

    /** @throws CommandFailedException when no back end has this name */
    Backends choice() throws CommandFailedException {
        try {
            return Backends.ofKey(name);
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException("--inference-backend is " + e.getMessage(), e);
        }
    }

    /** @throws CommandFailedException when there is no such back end here */
    Backend open() throws CommandFailedException {
        return open(choice());
    }

    /** A back end that does not change while it is measured: for {@code auto} the fastest that works here. */
    Backend openTested() throws CommandFailedException {
        boolean reference = choice() == Backends.AUTO && Backends.available().size() == 1;
        return open(reference ? Backends.REFERENCE : choice() == Backends.AUTO ? Backends.VECTOR : choice());
    }

    /** @throws CommandFailedException when the back end does not work here */
    Backend open(Backends choice) throws CommandFailedException {
        if (crossCheck < 0) {
            throw new CommandFailedException("--inference-cross-check is negative");
        }
        try {
            return choice.open(new InferenceThreads(threads, hashThread), crossCheck);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CommandFailedException("the " + choice.key() + " back end: " + e.getMessage(), e);
        }
    }
}
