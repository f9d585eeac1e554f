package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatInterpreter;
import java.util.ArrayList;
import java.util.List;

/** Runs the float graph over the calibration samples and records what values each node takes. */
final class Calibrator {

    private final FloatGraph graph;
    private final List<List<float[]>> samples;
    private final ImportProgress progress;
    private final int threads;

    /** @param samples for each sample one array an input */
    Calibrator(FloatGraph graph, List<List<float[]>> samples, ImportProgress progress, int threads) {
        this.graph = graph;
        this.samples = samples;
        this.progress = progress;
        this.threads = threads;
    }

    /** The same for any number of threads. */
    ChannelRanges ranges() {
        progress.phase("measuring ranges", samples.size());
        List<ChannelRanges> parts = SampleRange.split(samples.size(), threads, range -> {
            ChannelRanges ranges = new ChannelRanges(graph);
            FloatInterpreter interpreter = new FloatInterpreter(graph);
            for (int i = range.from(); i < range.to(); i++) {
                ranges.widen(interpreter.run(samples.get(i)));
                progress.advance();
            }
            return ranges;
        });
        for (ChannelRanges part : parts.subList(1, parts.size())) {
            parts.getFirst().widen(part);
        }
        return parts.getFirst();
    }

    /**
     * For each way to store values one histogram a node; the same for any number of threads.
     *
     * @param stored for each way one map a node
     */
    List<List<Histogram>> histograms(ChannelRanges ranges, List<List<ChannelMap>> stored) {
        progress.phase("counting values", samples.size());
        List<List<Histogram>> whole = new ArrayList<>();
        for (List<ChannelMap> maps : stored) {
            List<Histogram> histograms = new ArrayList<>();
            for (int node = 0; node < graph.nodes().size(); node++) {
                ChannelMap map = maps.get(node);
                // What no equalisation changes is counted once.
                boolean shared = map.isIdentity() && !whole.isEmpty();
                histograms.add(shared ? whole.getFirst().get(node) : ranges.histogram(node, map));
            }
            whole.add(histograms);
        }
        List<List<List<Histogram>>> parts =
                SampleRange.split(samples.size(), threads, range -> count(range, whole, stored));
        for (List<List<Histogram>> part : parts) {
            for (int i = 0; i < whole.size(); i++) {
                for (int node = 0; node < graph.nodes().size(); node++) {
                    if (isOwn(i, stored.get(i).get(node))) {
                        whole.get(i).get(node).add(part.get(i).get(node));
                    }
                }
            }
        }
        return whole;
    }

    private static boolean isOwn(int way, ChannelMap map) {
        return way == 0 || !map.isIdentity();
    }

    private List<List<Histogram>> count(
            SampleRange range, List<List<Histogram>> bounds, List<List<ChannelMap>> stored) {
        List<List<Histogram>> counts = bounds.stream()
                .map(histograms -> histograms.stream().map(Histogram::emptied).toList())
                .toList();
        FloatInterpreter interpreter = new FloatInterpreter(graph);
        for (int i = range.from(); i < range.to(); i++) {
            float[][] values = interpreter.run(samples.get(i));
            for (int e = 0; e < counts.size(); e++) {
                for (int node = 0; node < values.length; node++) {
                    ChannelMap map = stored.get(e).get(node);
                    if (isOwn(e, map)) {
                        counts.get(e).get(node).count(values[node], map);
                    }
                }
            }
            progress.advance();
        }
        return counts;
    }
}
