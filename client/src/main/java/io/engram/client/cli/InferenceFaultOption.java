package io.engram.client.cli;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.BitFlipBackend;
import io.engram.inference.engine.GuardedBackend;
import io.engram.inference.engine.reference.ReferenceBackend;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** For tests of networks only: makes this node's inference wrong, to see that the others notice. */
final class InferenceFaultOption {

    private static final Logger LOG = LoggerFactory.getLogger(InferenceFaultOption.class);

    /** What must be set to 1 besides, so that no slip of the hand makes a node wrong. */
    static final String CONSENT = "ENGRAM_TEST_INFERENCE_FAULT";

    private static final Pattern FORM = Pattern.compile("(\\d{1,6}):(\\d{1,9})(:lasting)?");

    @Option(
            names = "--Xinference-fault",
            paramLabel = "STEP:BIT[:lasting]",
            hidden = true,
            description =
                    "For tests only: get this bit of this step's result wrong; lasting: even when it was found out."
                            + " Refused unless " + CONSENT + "=1 is set as well.")
    private Optional<String> stepAndBit = Optional.empty();

    /**
     * The back end, spoilt if the option says so. As with any other, the reference takes its place once this node finds
     * out that it is wrong, unless the fault is to last.
     *
     * @param environment where the consent stands
     * @throws CommandFailedException when the option is malformed or lacks the consent
     */
    Backend appliedTo(Backend backend, Map<String, String> environment) throws CommandFailedException {
        if (stepAndBit.isEmpty()) {
            return backend;
        }
        if (!"1".equals(environment.get(CONSENT))) {
            throw new CommandFailedException("--Xinference-fault is for tests only, and " + CONSENT + "=1 is not set");
        }
        Matcher parts = FORM.matcher(stepAndBit.get());
        if (!parts.matches()) {
            throw new CommandFailedException(
                    "--Xinference-fault is STEP:BIT or STEP:BIT:lasting, not " + stepAndBit.get());
        }
        LOG.error(
                "THIS NODE COMPUTES WRONG INFERENCES: bit {} of step {} is flipped (--Xinference-fault)",
                parts.group(2),
                parts.group(1));
        Backend spoilt =
                new BitFlipBackend(backend, Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
        boolean lasting = Optional.ofNullable(parts.group(3)).isPresent();
        return lasting ? spoilt : GuardedBackend.trusting(spoilt, new ReferenceBackend());
    }
}
