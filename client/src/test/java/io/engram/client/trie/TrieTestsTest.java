package io.engram.client.trie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ethereum's trie tests, from the folder that the system property {@code engram.corpora} names. */
class TrieTestsTest {

    private record Change(Bytes key, Optional<Bytes> value) {}

    @ParameterizedTest
    @CsvSource({
        "trietest.json, false, 5",
        "trieanyorder.json, false, 7",
        "trietest_secureTrie.json, true, 3",
        "trieanyorder_secureTrie.json, true, 7",
        "hex_encoded_securetrie_test.json, true, 3"
    })
    void the_roots_are_right_in_any_order_that_counts(String name, boolean hashed, int tests) throws Exception {
        Path file = corpus("TrieTests/" + name);
        int passed = 0;
        for (var test : new ObjectMapper().readTree(file.toFile()).properties()) {
            Hash expected = Hash.fromHex(test.getValue().path("root").asText());
            List<Change> changes = changes(test.getValue().path("in"));
            assertThat(oneByOne(changes, hashed)).as(test.getKey()).isEqualTo(expected);
            assertThat(oneByOne(test.getValue().path("in").isObject() ? changes.reversed() : changes, hashed))
                    .as(test.getKey())
                    .isEqualTo(expected);
            passed++;
        }
        System.out.println(name + ": " + passed + " passed, 0 failed");
        assertThat(passed).isEqualTo(tests);
    }

    @Test
    void paths_are_written_in_the_hex_prefix_form_of_the_tests() throws Exception {
        int passed = 0;
        for (var test : new ObjectMapper()
                .readTree(corpus("BasicTests/hexencodetest.json").toFile())
                .properties()) {
            JsonNode sequence = test.getValue().path("seq");
            byte[] nibbles = new byte[sequence.size()];
            for (int i = 0; i < nibbles.length; i++) {
                nibbles[i] = (byte) sequence.path(i).asInt();
            }
            assertThat(Bytes.wrap(NodeCodec.hexPrefix(
                                    nibbles, test.getValue().path("term").asBoolean()))
                            .toUnprefixedHexString())
                    .as(test.getKey())
                    .isEqualTo(test.getValue().path("out").asText());
            passed++;
        }
        System.out.println("hexencodetest.json: " + passed + " passed, 0 failed");
        assertThat(passed).isPositive();
    }

    private static Path corpus(String name) {
        String corpora = System.getProperty("engram.corpora", "");
        assumeTrue(!corpora.isEmpty(), "skipped: the system property engram.corpora is not set");
        Path file = Path.of(corpora, "ethereum-basic-tests", name);
        assumeTrue(Files.exists(file), "skipped: " + name + " is absent from the folder engram.corpora");
        return file;
    }

    private static List<Change> changes(JsonNode in) {
        List<Change> changes = new ArrayList<>();
        if (in.isObject()) {
            in.properties().forEach(entry -> changes.add(change(entry.getKey(), entry.getValue())));
        } else {
            in.forEach(pair -> changes.add(change(pair.path(0).asText(), pair.path(1))));
        }
        return changes;
    }

    private static Change change(String key, JsonNode value) {
        return new Change(bytes(key), value.isNull() ? Optional.empty() : Optional.of(bytes(value.asText())));
    }

    private static Bytes bytes(String text) {
        return text.startsWith("0x") ? Bytes.fromHexString(text) : Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Hash oneByOne(List<Change> changes, boolean hashed) {
        MemoryNodes nodes = new MemoryNodes();
        Hash root = Hash.EMPTY_TRIE;
        for (Change change : changes) {
            byte[] key = (hashed ? Keccak256.hash(change.key()).toBytes() : change.key()).toArray();
            byte[] value = change.value().orElse(Bytes.EMPTY).toArray();
            nodes.nextUpdate();
            root = MerkleTrie.update(nodes, root, List.of(new TrieEntry(key, value)));
        }
        return root;
    }
}
