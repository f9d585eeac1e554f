package io.engram.client.cli;

import io.engram.inference.quantize.ImportProgress;
import java.io.PrintWriter;

/** An import's progress as lines for people: each phase, and every tenth part of its samples. */
final class ProgressLines implements ImportProgress {

    private static final int PARTS = 10;

    private final PrintWriter out;
    private final long begun = System.nanoTime();
    private String phase = "";
    private int samples;
    private int done;

    ProgressLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public synchronized void phase(String name, int count) {
        phase = name;
        samples = count;
        done = 0;
        print(count == 0 ? "" : ", " + count + " samples");
    }

    @Override
    public synchronized void advance() {
        done++;
        int before = (done - 1) * PARTS / Math.max(samples, 1);
        if (samples >= PARTS && done * PARTS / samples > before && done < samples) {
            print(" " + done + "/" + samples);
        }
    }

    private void print(String rest) {
        out.printf("%5.1f s  %s%s%n", (System.nanoTime() - begun) / 1e9, phase, rest);
        out.flush();
    }
}
