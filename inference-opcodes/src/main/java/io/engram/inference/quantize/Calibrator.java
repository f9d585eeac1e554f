package io.engram.inference.quantize;

import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatInterpreter;
import java.util.ArrayList;
import java.util.List;

/** Runs the float graph over the calibration samples and records what values each node takes. */
final class Calibrator {

    private final FloatGraph graph;
    private final List<float[]> samples;
    private final int threads;

    Calibrator(FloatGraph graph, List<float[]> samples, int threads) {
        this.graph = graph;
        this.samples = samples;
        this.threads = threads;
    }

    /** One histogram a node; the same for any number of threads. */
    List<Histogram> measure() {
        List<Histogram> bounds = merge(this::bounds, Histogram::widen);
        return merge(range -> counts(range, bounds), Histogram::add);
    }

    private List<Histogram> merge(SampleRange.Task<List<Histogram>> task, Merger merger) {
        List<List<Histogram>> parts = SampleRange.split(samples.size(), threads, task);
        List<Histogram> whole = parts.getFirst();
        for (List<Histogram> part : parts.subList(1, parts.size())) {
            for (int i = 0; i < whole.size(); i++) {
                merger.merge(whole.get(i), part.get(i));
            }
        }
        return whole;
    }

    private interface Merger {
        void merge(Histogram into, Histogram part);
    }

    private List<Histogram> bounds(SampleRange range) {
        List<Histogram> histograms = fresh();
        FloatInterpreter interpreter = new FloatInterpreter(graph);
        for (int i = range.from(); i < range.to(); i++) {
            float[][] values = interpreter.run(List.of(samples.get(i)));
            for (int node = 0; node < values.length; node++) {
                histograms.get(node).widen(values[node]);
            }
        }
        return histograms;
    }

    private List<Histogram> counts(SampleRange range, List<Histogram> bounds) {
        List<Histogram> histograms = fresh();
        FloatInterpreter interpreter = new FloatInterpreter(graph);
        for (int i = range.from(); i < range.to(); i++) {
            float[][] values = interpreter.run(List.of(samples.get(i)));
            for (int node = 0; node < values.length; node++) {
                histograms.get(node).count(values[node], bounds.get(node));
            }
        }
        return histograms;
    }

    private List<Histogram> fresh() {
        List<Histogram> histograms = new ArrayList<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            histograms.add(new Histogram());
        }
        return histograms;
    }
}
