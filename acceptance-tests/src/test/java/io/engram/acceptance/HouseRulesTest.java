package io.engram.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules of the code base that no compiler flag holds. */
class HouseRulesTest {

    private static final Path ROOT = Path.of(System.getProperty("engram.root", ".."));

    @Test
    void everyPackageIsNullMarked() {
        List<String> missing = new ArrayList<>();
        for (Path source : mainSources()) {
            Path description = source.resolveSibling("package-info.java");
            if (!Files.exists(description) || !read(description).contains("@NullMarked")) {
                missing.add(ROOT.relativize(source.resolveSibling("")).toString());
            }
        }
        assertThat(missing.stream().distinct()).isEmpty();
    }

    @Test
    void queuesAndPoolsAreBounded() {
        assertNoLineMatches(Pattern.compile("newCachedThreadPool|new LinkedBlockingQueue<>\\(\\)"));
    }

    @Test
    void nothingIsLeftForLater() {
        assertNoLineMatches(Pattern.compile("\\b(TODO|FIXME|XXX)\\b"));
    }

    @Test
    void documentationDoesNotRepeatNames() {
        assertNoLineMatches(Pattern.compile("Instantiates a new|\\* Gets the |@param (\\w+) the \\1$"));
    }

    @Test
    void suppressedWarningsCarryTheirReason() {
        List<String> bare = new ArrayList<>();
        for (Path source : mainSources()) {
            List<String> lines = read(source).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                String before = i == 0 ? "" : lines.get(i - 1).strip();
                boolean explained = lines.get(i).contains("//") || before.startsWith("//") || before.startsWith("*");
                if (lines.get(i).contains("@SuppressWarnings") && !explained) {
                    bare.add(ROOT.relativize(source) + ":" + (i + 1));
                }
            }
        }
        assertThat(bare).isEmpty();
    }

    @Test
    void everyFolderOfTheDiagramExists() {
        assertThat(List.of("genesis", "evm-ext", "inference-opcodes", "p2p", "client", "acceptance-tests"))
                .allSatisfy(folder -> assertThat(ROOT.resolve(folder)).isDirectory());
    }

    private static void assertNoLineMatches(Pattern banned) {
        List<String> hits = new ArrayList<>();
        for (Path source : mainSources()) {
            List<String> lines = read(source).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (banned.matcher(lines.get(i)).find()) {
                    hits.add(ROOT.relativize(source) + ":" + (i + 1) + " "
                            + lines.get(i).strip());
                }
            }
        }
        assertThat(hits).isEmpty();
    }

    private static List<Path> mainSources() {
        List<Path> sources = new ArrayList<>();
        for (String module : List.of("genesis", "evm-ext", "inference-opcodes", "p2p", "client")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sources;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
