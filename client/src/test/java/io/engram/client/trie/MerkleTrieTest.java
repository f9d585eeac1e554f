package io.engram.client.trie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MerkleTrieTest {

    @ParameterizedTest(name = "keys of {0} to {1} bytes over {2} values a byte, batches to {3}")
    @CsvSource({
        "1,1,256,20",
        "2,2,4,6",
        "2,2,256,40",
        "3,3,3,8",
        "4,4,2,5",
        "4,4,256,60",
        "6,6,2,20",
        "32,32,2,30",
        "32,32,256,80",
        "0,2,3,4",
        "0,3,2,12",
        "1,4,2,8",
        "1,6,3,40",
        "30,32,2,30"
    })
    void random_batches_give_the_root_and_exactly_the_nodes_of_the_slow_trie(
            int least, int most, int alphabet, int batch) {
        for (long seed = 1; seed <= 40; seed++) {
            try {
                runBatches(least, most, alphabet, batch, seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void runBatches(int least, int most, int alphabet, int batch, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Map<Bytes, Bytes> content = new LinkedHashMap<>();
        MemoryNodes store = new MemoryNodes();
        Hash root = Hash.EMPTY_TRIE;
        for (int round = 0; round < 25; round++) {
            Map<Bytes, Bytes> changes = new LinkedHashMap<>();
            int count = 1 + random.nextInt(batch);
            double deletions = random.nextInt(3) / 2.0;
            for (int i = 0; i < count; i++) {
                Bytes key = key(random, random.nextInt(least, most + 1), alphabet, content);
                changes.put(key, random.nextDouble() < deletions ? Bytes.EMPTY : value(random));
            }
            changes.forEach((key, value) -> {
                if (value.isEmpty()) {
                    content.remove(key);
                } else {
                    content.put(key, value);
                }
            });
            store.nextUpdate();
            root = MerkleTrie.update(store, root, entries(changes));
            NaiveTrie expected = new NaiveTrie();
            assertThat(root).isEqualTo(expected.compute(content));
            assertThat(store.nodes()).isEqualTo(expected.nodes());
        }
    }

    /** Half of the keys are ones already there, so that updates and deletions hit. */
    private static Bytes key(RandomGenerator random, int size, int alphabet, Map<Bytes, Bytes> content) {
        if (!content.isEmpty() && random.nextBoolean()) {
            return content.keySet().stream()
                    .skip(random.nextInt(content.size()))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] key = new byte[size];
        for (int i = 0; i < size; i++) {
            int digit = random.nextInt(alphabet);
            key[i] = (byte) (alphabet < 16 && random.nextBoolean() ? digit << 4 : digit);
        }
        return Bytes.wrap(key);
    }

    /** One byte in most cases, so that nodes embed; sometimes long. */
    private static Bytes value(RandomGenerator random) {
        int length = switch (random.nextInt(4)) {
            case 0 -> 1 + random.nextInt(300);
            case 1 -> 1 + random.nextInt(40);
            default -> 1;
        };
        byte[] value = new byte[length];
        random.nextBytes(value);
        value[0] |= 1;
        return Bytes.wrap(value);
    }

    private static List<TrieEntry> entries(Map<Bytes, Bytes> changes) {
        List<TrieEntry> entries = new ArrayList<>();
        changes.forEach((key, value) -> entries.add(new TrieEntry(key.toArray(), value.toArray())));
        Collections.sort(entries);
        return entries;
    }

    @Test
    void roots_that_other_clients_agree_on_come_out() {
        // The published "dogs" and "singleItem" vectors for tries keyed by the hash of the key.
        Map<Bytes, Bytes> dogs = new LinkedHashMap<>();
        dogs.put(hashed("doe"), ascii("reindeer"));
        dogs.put(hashed("dog"), ascii("puppy"));
        dogs.put(hashed("dogglesworth"), ascii("cat"));
        assertThat(MerkleTrie.update(new MemoryNodes(), Hash.EMPTY_TRIE, entries(dogs)))
                .isEqualTo(Hash.fromHex("0xd4cd937e4a4368d7931a9cf51686b7e10abb3dce38a39000fd7902a092b64585"));
        Map<Bytes, Bytes> single = Map.of(hashed("A"), ascii("a".repeat(50)));
        assertThat(MerkleTrie.update(new MemoryNodes(), Hash.EMPTY_TRIE, entries(single)))
                .isEqualTo(Hash.fromHex("0xe9e2935138352776cad724d31c9fa5266a5c593bb97726dd2a908fe6d53284df"));
        assertThat(MerkleTrie.update(new MemoryNodes(), Hash.EMPTY_TRIE, List.of()))
                .isEqualTo(Hash.EMPTY_TRIE);
    }

    @Test
    void unsorted_or_repeated_keys_are_refused() {
        TrieEntry a = new TrieEntry(new byte[] {1}, new byte[] {1});
        TrieEntry b = new TrieEntry(new byte[] {(byte) 0x80}, new byte[] {1});
        assertThatThrownBy(() -> MerkleTrie.update(new MemoryNodes(), Hash.EMPTY_TRIE, List.of(b, a)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MerkleTrie.update(new MemoryNodes(), Hash.EMPTY_TRIE, List.of(a, a)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_change_that_changes_nothing_touches_no_node() {
        MemoryNodes store = new MemoryNodes();
        Map<Bytes, Bytes> content = new LinkedHashMap<>();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int i = 0; i < 200; i++) {
            content.put(key(random, 32, 256, Map.of()), value(random));
        }
        Hash root = MerkleTrie.update(store, Hash.EMPTY_TRIE, entries(content));
        Map<Bytes, Bytes> again = new LinkedHashMap<>(content);
        again.put(Bytes.repeat((byte) 0x77, 32), Bytes.EMPTY);
        NodeStore readOnly = new NodeStore() {
            @Override
            public byte[] load(byte[] path, int length) {
                return store.load(path, length);
            }

            @Override
            public void put(byte[] path, int length, byte[] node) {
                throw new AssertionError("written");
            }

            @Override
            public void remove(byte[] path, int length) {
                throw new AssertionError("removed");
            }
        };
        assertThat(MerkleTrie.update(readOnly, root, entries(again))).isEqualTo(root);
    }

    @Test
    void proofs_lead_from_the_root_to_the_value_or_show_that_there_is_none() {
        for (long seed = 1; seed <= 20; seed++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            int alphabet = seed % 2 == 0 ? 256 : 3;
            Map<Bytes, Bytes> content = new LinkedHashMap<>();
            for (int i = 0; i < 60; i++) {
                content.put(key(random, 4, alphabet, Map.of()), value(random));
            }
            MemoryNodes store = new MemoryNodes();
            Hash root = MerkleTrie.update(store, Hash.EMPTY_TRIE, entries(content));
            for (int i = 0; i < 100; i++) {
                Bytes key = key(random, 4, alphabet, content);
                MerkleProof proof = MerkleProof.of(store, root, key.toArray());
                assertThat(proof.value()).as("seed %s", seed).isEqualTo(Optional.ofNullable(content.get(key)));
                assertThat(Keccak256.hash(proof.nodes().getFirst())).isEqualTo(root);
                for (int n = 1; n < proof.nodes().size(); n++) {
                    String hash = Keccak256.hash(proof.nodes().get(n)).toBytes().toUnprefixedHexString();
                    assertThat(proof.nodes().get(n - 1).toUnprefixedHexString()).contains(hash);
                }
            }
        }
    }

    @Test
    void random_bytes_decode_to_a_node_or_to_the_declared_error() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(99);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && bytes.length < 57 && random.nextBoolean()) {
                bytes[0] = (byte) (0xc0 + bytes.length - 1);
            }
            try {
                NodeCodec.encode(NodeCodec.decode(bytes));
            } catch (CorruptNodeException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void the_trie_of_a_list_is_keyed_by_the_rlp_of_the_index() {
        for (int size : new int[] {0, 1, 2, 17, 127, 128, 129, 255, 256, 257, 700}) {
            List<Bytes> items = new ArrayList<>();
            Map<Bytes, Bytes> content = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                items.add(Bytes.concatenate(Bytes.of(0xc0 + i % 5), Bytes.ofUnsignedInt(i)));
                content.put(NaiveTrie.string(Bytes.minimalBytes(i)), items.get(i));
            }
            assertThat(OrderedTrie.root(items)).as("%s items", size).isEqualTo(NaiveTrie.root(content));
        }
    }

    private static Bytes hashed(String text) {
        return Keccak256.hash(ascii(text)).toBytes();
    }

    private static Bytes ascii(String text) {
        return Bytes.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
