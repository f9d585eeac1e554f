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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Tries the quantiser's methods on a network and keeps what comes closest to it at the outputs: first how strongly
 * channels are equalised together with how ranges are chosen, then int16 for residual sums, then int16 for all that can be,
 * then corrected biases. Of equals the first stays, so that the choice is the same everywhere.
 */
final class CandidateSearch {

    /** How strongly channels may be equalised. The first must leave the network as it is. */
    private static final double[] STRENGTHS = {0, 0.5, 1};
    /** Residual sums become int16 by themselves only where the outputs are noisier than this. */
    private static final double GOOD_DECIBELS = 35;
    /** What int16 sums must gain, since they make the model slower. */
    private static final double WORTH_DECIBELS = 1;
    /** All that can be becomes int16 by itself only where the outputs are noisier than this after all that costs less. */
    private static final double POOR_DECIBELS = 25;
    /** What that must gain, since it doubles the work. */
    private static final double WORTH_DOUBLE_DECIBELS = 3;

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
        OutputCheck check = new OutputCheck(network, samples, backend, progress, options.threads());
        Measured chosen = options.wide().equals(Optional.of(WideValues.ALL))
                ? allWide(calibrator, ranges, check)
                : atMostSumsWide(calibrator, ranges, check);
        chosen = perhapsCorrected(chosen, check);
        if (options.wide().isEmpty() && chosen.decibels() < POOR_DECIBELS) {
            chosen = perhapsAllWide(chosen, calibrator, ranges, check);
        }
        progress.phase("measuring each step", OutputCheck.count(network, samples));
        LayerCheck layers =
                new LayerCheck(network, chosen.candidate(), ranges, samples, backend, progress, options.threads());
        Candidate candidate = chosen.candidate();
        return new Imported(candidate.model(), candidate.file(), network, layers.report(chosen.fit()));
    }

    /** A candidate and how near it comes. */
    private record Measured(Candidate candidate, OutputCheck.Fit fit) {

        double decibels() {
            return fit.decibels();
        }
    }

    private Measured atMostSumsWide(Calibrator calibrator, ChannelRanges ranges, OutputCheck check)
            throws UnsupportedOperatorException, MalformedModelException {
        List<Equalisation> equalisations = equalisations(ranges);
        List<List<Histogram>> histograms = calibrator.histograms(
                ranges, equalisations.stream().map(Equalisation::maps).toList());
        WideValues first = options.wide().orElse(WideValues.NONE);
        List<RangeMethod> methods = methods();
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < equalisations.size(); i++) {
            for (RangeMethod method : methods) {
                candidates.add(candidate(equalisations.get(i), histograms.get(i), method, first));
            }
        }
        progress.phase("comparing ranges and equalisations", OutputCheck.count(network, samples));
        Measured chosen = nearest(candidates, check);
        if (options.wide().isEmpty() && chosen.decibels() < GOOD_DECIBELS) {
            Candidate narrow = chosen.candidate();
            List<Histogram> seen = histograms.get(candidates.indexOf(narrow) / methods.size());
            Candidate wide = candidate(narrow.equalisation(), seen, narrow.method(), WideValues.SUMS);
            if (!Arrays.equals(wide.file(), narrow.file())) {
                progress.phase("trying int16 sums", OutputCheck.count(network, samples));
                Measured other = nearest(List.of(wide), check);
                return other.decibels() > chosen.decibels() + WORTH_DECIBELS ? other : chosen;
            }
        }
        return chosen;
    }

    /** What comes nearest with int16 wherever it can be. Channels stay as they are: int16 has room for them. */
    private Measured allWide(Calibrator calibrator, ChannelRanges ranges, OutputCheck check)
            throws UnsupportedOperatorException, MalformedModelException {
        Equalisation none = Equalisation.none(network);
        List<ChannelMap> maps = ChannelCopy.maps(network, ranges);
        List<List<Histogram>> histograms = calibrator.histograms(ranges, List.of(none.maps(), maps));
        Optional<ChannelHistograms> channels = Optional.of(new ChannelHistograms(maps, histograms.getLast()));
        List<Candidate> candidates = new ArrayList<>();
        for (RangeMethod method : methods()) {
            ScalePlan plan = ScalePlan.of(
                    network, histograms.getFirst(), method, inputs, options.outputType(), WideValues.ALL, channels);
            candidates.add(build(none, plan, method, nearest(), false));
        }
        progress.phase("trying int16 everywhere", OutputCheck.count(network, samples));
        return perhapsRounded(nearest(candidates, check), check);
    }

    /** The other candidate where it gains enough, and the chain's limits and the operators allow it. */
    private Measured perhapsAllWide(Measured chosen, Calibrator calibrator, ChannelRanges ranges, OutputCheck check) {
        try {
            Measured other = perhapsCorrected(allWide(calibrator, ranges, check), check);
            return other.decibels() > chosen.decibels() + WORTH_DOUBLE_DECIBELS ? other : chosen;
        } catch (UnsupportedOperatorException | MalformedModelException e) {
            progress.phase("no int16 everywhere: " + e.getMessage(), 0);
            return chosen;
        }
    }

    /** Where int16 leaves little noise but that of the weights, they are rounded with a view to what they multiply. */
    private Measured perhapsRounded(Measured chosen, OutputCheck check)
            throws UnsupportedOperatorException, MalformedModelException {
        progress.phase("measuring what layers read", samples.size());
        List<WeightRounding> roundings = InputMoments.roundings(network, samples, progress, options.threads());
        Candidate candidate = chosen.candidate();
        Candidate rounded = build(candidate.equalisation(), candidate.plan(), candidate.method(), roundings, false);
        progress.phase("trying rounded weights", OutputCheck.count(network, samples));
        Measured other = nearest(List.of(rounded), check);
        return other.decibels() > chosen.decibels() ? other : chosen;
    }

    private Measured perhapsCorrected(Measured chosen, OutputCheck check)
            throws UnsupportedOperatorException, MalformedModelException {
        progress.phase("correcting biases", OutputCheck.count(network, samples));
        Candidate candidate = chosen.candidate();
        BiasCorrection correction =
                new BiasCorrection(network, candidate, samples, backend, progress, options.threads());
        Equalisation shifted = candidate.equalisation().withNetwork(correction.apply());
        Candidate corrected = build(shifted, candidate.plan(), candidate.method(), candidate.roundings(), true);
        if (Arrays.equals(corrected.file(), candidate.file())) {
            return chosen;
        }
        progress.phase("trying corrected biases", OutputCheck.count(network, samples));
        Measured other = nearest(List.of(corrected), check);
        return other.decibels() > chosen.decibels() ? other : chosen;
    }

    /** The first of those that come nearest. */
    private static Measured nearest(List<Candidate> candidates, OutputCheck check) {
        List<OutputCheck.Fit> fits = check.measure(candidates);
        int best = 0;
        for (int i = 1; i < fits.size(); i++) {
            best = fits.get(i).decibels() > fits.get(best).decibels() ? i : best;
        }
        return new Measured(candidates.get(best), fits.get(best));
    }

    private List<WeightRounding> nearest() {
        return Collections.nCopies(network.nodes().size(), WeightRounding.NEAREST);
    }

    private List<RangeMethod> methods() {
        return options.method().map(List::of).orElse(List.of(RangeMethod.values()));
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
            Equalisation equalisation, List<Histogram> histograms, RangeMethod method, WideValues wide)
            throws UnsupportedOperatorException, MalformedModelException {
        ScalePlan plan = ScalePlan.of(
                equalisation.network(), histograms, method, inputs, options.outputType(), wide, Optional.empty());
        return build(equalisation, plan, method, nearest(), false);
    }

    private Candidate build(
            Equalisation equalisation,
            ScalePlan plan,
            RangeMethod method,
            List<WeightRounding> roundings,
            boolean corrected)
            throws UnsupportedOperatorException, MalformedModelException {
        QuantizedGraph quantised = GraphQuantizer.quantize(equalisation.network(), plan, roundings, author, options);
        byte[] file = ModelWriter.write(quantised.graph());
        Model model = Model.load(file, options.limits());
        return new Candidate(equalisation, method, roundings, corrected, plan, quantised.steps(), model, file);
    }
}
