package io.engram.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command of the launcher that runs until it is told to end. */
final class Background implements AutoCloseable {

    private static final int END_SECONDS = 40;

    private final Process process;

    private Background(Process process) {
        this.process = process;
    }

    /** @param log takes everything that it prints */
    static Background engram(Path log, String... arguments) throws IOException {
        ProcessBuilder builder =
                Engram.command(List.of(arguments)).redirectErrorStream(true).redirectOutput(log.toFile());
        // Five virtual machines that live for half a minute: the quick compiler alone is the faster one.
        builder.environment().put("ENGRAM_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        return new Background(builder.start());
    }

    /** Asks it to end, as Ctrl-C does. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
