package io.engram.genesis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Ethereum's public test data, in the folder that the system property {@code engram.corpora} names. */
public final class Corpora {

    private Corpora() {}

    /** The path inside the corpora; the calling test is skipped where it is absent. */
    public static Path require(String path) {
        String root = System.getProperty("engram.corpora", "");
        assumeTrue(!root.isEmpty(), "skipped: the system property engram.corpora is not set");
        Path found = Path.of(root, path);
        assumeTrue(Files.exists(found), "skipped: no " + path + " in the folder engram.corpora");
        return found;
    }

    public static List<Path> jsonFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }
}
