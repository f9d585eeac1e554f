package io.engram.client.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** How much is logged. */
final class LoggingOption {

    /** Read by logback.xml when the first logger is made. */
    private static final String PROPERTY = "engram.logging";

    @Option(
            names = "--logging",
            paramLabel = "LEVEL",
            description = "OFF, ERROR, WARN, INFO, DEBUG or TRACE (default: INFO; dev: WARN).")
    private Optional<String> level = Optional.empty();

    /** To be called before anything logs. */
    void apply(String otherwise) {
        System.setProperty(PROPERTY, level.orElse(otherwise));
    }
}
