package io.engram.client.cli;

import io.engram.client.consensus.qbft.QbftOptions;
import io.engram.client.consensus.qbft.message.WireEncoding;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of validators. */
final class ConsensusOptions {

    private static final long MILLIS = 1_000;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--qbft-round-timeout-cap",
            paramLabel = "SECONDS",
            description = "Longest round; rounds double from requesttimeoutseconds on (default: ${DEFAULT-VALUE}).",
            defaultValue = "60")
    private long roundTimeoutCap = QbftOptions.DEFAULT.roundTimeoutCapMillis() / MILLIS;

    @Option(
            names = "--qbft-early-round-change",
            arity = "1",
            paramLabel = "true|false",
            description = "Follow f + 1 validators into a later round at once (default: ${DEFAULT-VALUE}).",
            defaultValue = "true")
    private boolean earlyRoundChange = true;

    @Option(
            names = "--qbft-legacy-encoding",
            arity = "0..1",
            fallbackValue = "true",
            description = "Send messages in the shape of Besu 25 and GoQuorum; both are understood (default: false).")
    private boolean legacyEncoding;

    @Option(
            names = "--qbft-unsafe-recover",
            paramLabel = "HEIGHT",
            description = "Where a validator's safety state was lost: your word that its key signed nothing above this"
                    + " block. It signs there at once. Wrong, it can make the chain fork.")
    private Optional<Long> recoverAbove = Optional.empty();

    QbftOptions open() {
        if (roundTimeoutCap < 1) {
            throw new ParameterException(command.commandLine(), "--qbft-round-timeout-cap is at least 1");
        }
        if (recoverAbove.filter(height -> height < 0).isPresent()) {
            throw new ParameterException(command.commandLine(), "--qbft-unsafe-recover is a block number");
        }
        return new QbftOptions(
                Math.multiplyExact(roundTimeoutCap, MILLIS),
                earlyRoundChange,
                legacyEncoding ? WireEncoding.LEGACY : WireEncoding.ACCESS_LIST_SLOT,
                recoverAbove.map(OptionalLong::of).orElse(OptionalLong.empty()));
    }
}
