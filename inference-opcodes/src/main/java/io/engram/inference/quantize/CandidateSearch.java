package io.engram.inference.quantize;

import io.engram.genesis.Address;
import io.engram.inference.MalformedModelException;
import io.engram.inference.engine.Backend;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.onnx.FloatGraph;
import io.engram.inference.onnx.FloatNode;
import io.engram.inference.onnx.FloatOperation;
import io.engram.inference.onnx.UnsupportedOperatorException;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Tries the quantiser's methods on a network and keeps what comes closest to it at the outputs: first how strongly
 * channels are equalised together with how ranges are chosen, then int16 for residual sums, then corrected biases. Of
 * equals the first stays, so that the choice is the same everywhere.
 */
final class CandidateSearch {

    /** How strongly channels may be equalised. The first must leave the network as it is. */
    private static final double[] STRENGTHS = {0, 0.5, 1};
    /** Residual sums become int16 by themselves only where the outputs are noisier than this. */
    private static final double GOOD_DECIBELS = 35;
    /** What int16 sums must gain, since they make the model slower. */
    private static final double WORTH_DECIBELS = 1;

    private final FloatGraph network;
    private final List<List<float[]>> samples;
    private final List<Optional<TensorScale>> inputs;
    private final Address author;
    private final ImportOptions options;
    private final ImportProgress progress;
    private final Backend backend;

    /** @param inputs scales of the inputs where they are known without measuring */
    CandidateSearch(
            FloatGraph network,
            List<List<float[]>> samples,
            List<Optional<TensorScale>> inputs,
            Address author,
            ImportOptions options,
            ImportProgress progress) {
        this.network = network;
        this.samples = samples;
        this.inputs = inputs;
        this.author = author;
        this.options = options;
        this.progress = progress;
        this.backend = FastestBackend.INSTANCE;
    }

    Imported best() throws UnsupportedOperatorException, MalformedModelException {
        Calibrator calibrator = new Calibrator(network, samples, progress, options.threads());
        ChannelRanges ranges = calibrator.ranges();
        requireFinite(ranges);
        List<Equalisation> equalisations = equalisations(ranges);
        List<List<Histogram>> histograms = calibrator.histograms(ranges, equalisations);
        TensorType sums = options.sums().orElse(TensorType.INT8);
        List<RangeMethod> methods = options.method().map(List::of).orElse(List.of(RangeMethod.values()));
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < equalisations.size(); i++) {
            for (RangeMethod method : methods) {
                candidates.add(candidate(equalisations.get(i), histograms.get(i), method, sums));
            }
        }
        progress.phase("comparing ranges and equalisations", OutputCheck.count(network, samples));
        OutputCheck check = new OutputCheck(network, samples, backend, progress, options.threads());
        List<OutputCheck.Fit> fits = check.measure(candidates);
        int best = 0;
        for (int i = 1; i < fits.size(); i++) {
            best = fits.get(i).decibels() > fits.get(best).decibels() ? i : best;
        }
        Candidate chosen = candidates.get(best);
        OutputCheck.Fit fit = fits.get(best);
        if (options.sums().isEmpty() && fit.decibels() < GOOD_DECIBELS) {
            List<Histogram> seen = histograms.get(best / methods.size());
            Candidate wide = candidate(chosen.equalisation(), seen, chosen.method(), TensorType.INT16);
            if (!Arrays.equals(wide.file(), chosen.file())) {
                progress.phase("trying int16 sums", OutputCheck.count(network, samples));
                OutputCheck.Fit other = check.measure(List.of(wide)).getFirst();
                if (other.decibels() > fit.decibels() + WORTH_DECIBELS) {
                    chosen = wide;
                    fit = other;
                }
            }
        }
        progress.phase("correcting biases", OutputCheck.count(network, samples));
        BiasCorrection correction = new BiasCorrection(network, chosen, samples, backend, progress, options.threads());
        Candidate corrected = corrected(chosen, correction.apply());
        if (!Arrays.equals(corrected.file(), chosen.file())) {
            progress.phase("trying corrected biases", OutputCheck.count(network, samples));
            OutputCheck.Fit other = check.measure(List.of(corrected)).getFirst();
            if (other.decibels() > fit.decibels()) {
                chosen = corrected;
                fit = other;
            }
        }
        progress.phase("measuring each step", OutputCheck.count(network, samples));
        QuantizationReport report =
                new LayerCheck(network, chosen, ranges, samples, backend, progress, options.threads()).report(fit);
        return new Imported(chosen.model(), chosen.file(), network, report);
    }

    private List<Equalisation> equalisations(ChannelRanges ranges) {
        List<Equalisation> equalisations = new ArrayList<>();
        equalisations.add(Equalisation.none(network));
        for (double strength : STRENGTHS) {
            Equalisation equalisation = Equalisation.of(network, ranges, strength);
            if (strength > 0 && !equalisation.isNone()) {
                equalisations.add(equalisation);
            }
        }
        return equalisations;
    }

    private void requireFinite(ChannelRanges ranges) throws UnsupportedOperatorException {
        for (int i = 0; i < network.nodes().size(); i++) {
            FloatNode node = network.nodes().get(i);
            if (!(node.operation() instanceof FloatOperation.Input) && !ranges.isFinite(i)) {
                throw Emitter.unsupported(node, "its values are not finite on the calibration data");
            }
        }
    }

    private Candidate candidate(
            Equalisation equalisation, List<Histogram> histograms, RangeMethod method, TensorType sums)
            throws UnsupportedOperatorException, MalformedModelException {
        ScalePlan plan = ScalePlan.of(equalisation.network(), histograms, method, inputs, options.outputType(), sums);
        return build(equalisation, plan, method, sums, false);
    }

    private Candidate corrected(Candidate candidate, FloatGraph shifted)
            throws UnsupportedOperatorException, MalformedModelException {
        Equalisation equalisation = candidate.equalisation().withNetwork(shifted);
        return build(equalisation, candidate.plan(), candidate.method(), candidate.sums(), true);
    }

    private Candidate build(
            Equalisation equalisation, ScalePlan plan, RangeMethod method, TensorType sums, boolean corrected)
            throws UnsupportedOperatorException, MalformedModelException {
        QuantizedGraph quantised = GraphQuantizer.quantize(equalisation.network(), plan, author, options);
        byte[] file = ModelWriter.write(quantised.graph());
        Model model = Model.load(file, options.limits());
        return new Candidate(equalisation, method, sums, corrected, plan, quantised.steps(), model, file);
    }
}
