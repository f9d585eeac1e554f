package io.engram.client.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the figures of a measurement go beside the table. */
@SuppressWarnings("FieldCanBeFinal") // picocli assigns them
final class JsonReport {

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file.")
    private Optional<Path> file = Optional.empty();

    /** Writes it where a file was named. */
    void write(Object report) throws IOException {
        if (file.isPresent()) {
            new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(file.get().toFile(), report);
        }
    }
}
