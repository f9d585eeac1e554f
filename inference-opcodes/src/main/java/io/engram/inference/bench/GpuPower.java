package io.engram.inference.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** What a GPU draws while this is open, as the driver's own program {@code nvidia-smi} says it. Thread-safe. */
final class GpuPower implements AutoCloseable {

    private static final int EVERY_MILLIS = 100;

    private final Optional<Process> meter;
    private final DoubleAdder sum = new DoubleAdder();
    private final LongAdder readings = new LongAdder();

    private GpuPower(Optional<Process> meter) {
        this.meter = meter;
    }

    /** Knows nothing where there is no such program. */
    static GpuPower start(int ordinal) {
        return start(List.of(
                "nvidia-smi",
                "--id=" + ordinal,
                "--query-gpu=power.draw",
                "--format=csv,noheader,nounits",
                "--loop-ms=" + EVERY_MILLIS));
    }

    /** @param command prints watts, a reading a line; other lines say nothing */
    static GpuPower start(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            GpuPower power = new GpuPower(Optional.of(process));
            Thread.ofPlatform().daemon().name("gpu-power").start(() -> power.read(process));
            return power;
        } catch (IOException _) {
            return new GpuPower(Optional.empty());
        }
    }

    private void read(Process process) {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(this::add);
        } catch (UncheckedIOException | IOException _) {
            // The program was ended while it was read from: there is no more to know.
            process.destroy();
        }
    }

    private void add(String line) {
        try {
            sum.add(Double.parseDouble(line.strip()));
            readings.increment();
        } catch (NumberFormatException _) {
            // A device that does not measure it says so in words.
        }
    }

    /** The mean so far; empty when there is no reading. */
    OptionalDouble watts() {
        long count = readings.sum();
        return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum.sum() / count);
    }

    @Override
    public void close() {
        meter.ifPresent(Process::destroy);
    }
}
