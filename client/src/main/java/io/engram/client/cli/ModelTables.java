package io.engram.client.cli;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.GraphOutput;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelFacts;
import io.engram.inference.model.ModelPrice;
import io.engram.inference.model.Node;
import io.engram.inference.operator.StepFacts;
import io.engram.inference.operator.Value;
import io.engram.inference.quantize.QuantizationReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Models as tables for people. */
final class ModelTables {

    private static final int NAME_WIDTH = 28;

    private ModelTables() {}

    static void inspect(PrintWriter out, Model model, InferenceConfig.Gas gas) {
        ModelFacts facts = model.facts();
        line(out, "model", model.id().toHex());
        line(out, "author", model.graph().author().toChecksumHex());
        line(out, "file", facts.fileBytes() + " bytes, weights " + facts.weightBytes());
        line(out, "batch", "at most " + facts.maxBatch());
        for (GraphInput input : model.graph().inputs()) {
            line(
                    out,
                    "input",
                    input.type() + " " + input.shape() + ", " + input.lo() + " … " + input.hi() + ", scale "
                            + input.scale().toDouble() + ", zero " + input.zeroPoint());
        }
        for (GraphOutput output : model.graph().outputs()) {
            Value value = model.value(output.value());
            line(
                    out,
                    "output",
                    value.type() + " " + value.shape() + ", scale "
                            + output.scale().toDouble() + ", zero " + output.zeroPoint());
        }
        out.println();
        out.printf(
                Locale.ROOT,
                "%4s  %-18s %-8s %-20s %12s %12s%n",
                "step",
                "operator",
                "type",
                "shape",
                "MACs",
                "elements");
        List<StepFacts> steps = model.check().steps();
        for (int i = 0; i < steps.size(); i++) {
            StepFacts step = steps.get(i);
            Node node = model.graph().nodes().get(i);
            out.printf(
                    Locale.ROOT,
                    "%4d  %-18s %-8s %-20s %12d %12d%n",
                    i,
                    node.operator().mnemonic(),
                    step.result().type(),
                    step.result().shape(),
                    step.macs() + step.depthwiseMacs(),
                    step.elements());
        }
        out.println();
        line(
                out,
                "total",
                (facts.macs() + facts.depthwiseMacs()) + " MACs, " + facts.elements() + " element operations");
        line(out, "memory", model.check().peakMemoryBytes() + " bytes at the peak");
        line(
                out,
                "gas",
                ModelPrice.sampleGas(facts, gas) + " a sample, cold " + ModelPrice.coldGas(facts, gas)
                        + ", input and output " + ModelPrice.ioGas(facts, 1, gas) + " (default constants)");
        out.flush();
    }

    static void report(PrintWriter out, QuantizationReport report) {
        out.printf(
                Locale.ROOT,
                "%-28s %-12s %-6s %-18s %10s %6s %10s %10s %7s %7s%n",
                "value",
                "operator",
                "type",
                "shape",
                "scale",
                "zero",
                "low",
                "high",
                "cut %",
                "SNR dB");
        for (QuantizationReport.Layer layer : report.layers()) {
            out.printf(
                    Locale.ROOT,
                    "%-28s %-12s %-6s %-18s %10.3g %6d %10.4g %10.4g %7.3f %7.1f%n",
                    tail(layer.name()),
                    layer.operator(),
                    layer.type(),
                    layer.shape(),
                    layer.scale().toDouble(),
                    layer.zeroPoint(),
                    layer.low(),
                    layer.high(),
                    100 * layer.saturation(),
                    layer.decibels());
        }
        out.printf(
                Locale.ROOT,
                "ranges by %s; equalisation %.1f; int16 %s; biases %s%n",
                report.method(),
                report.equalisation(),
                report.wide(),
                report.biasesCorrected() ? "corrected" : "as they were");
        for (int i = 0; i < report.outputs().size(); i++) {
            out.printf(Locale.ROOT, "output %d: %.1f dB%n", i, report.outputs().get(i));
        }
        out.printf(
                Locale.ROOT,
                "same label on %.2f %% of %d calibration samples%n",
                100 * report.agreement(),
                report.samples());
        out.flush();
    }

    /** The end of a long name, which is what tells nodes apart. */
    private static String tail(String name) {
        return name.length() <= NAME_WIDTH ? name : "…" + name.substring(name.length() - NAME_WIDTH + 1);
    }

    private static void line(PrintWriter out, String name, String value) {
        out.printf(Locale.ROOT, "%-8s %s%n", name, value);
    }
}
