package io.engram.genesis.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Hash;
import io.engram.genesis.Seeded;
import org.apache.tuweni.bytes.Bytes;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.junit.jupiter.api.Test;

class Keccak256Test {

    @Test
    void knownAnswers() {
        assertThat(Keccak256.hash(new byte[0])).isEqualTo(Hash.EMPTY_CODE);
        assertThat(Keccak256.hash("abc".getBytes(US_ASCII)))
                .isEqualTo(Hash.fromHex("0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"));
        assertThat(Keccak256.hash(Bytes.of(0x80))).isEqualTo(Hash.EMPTY_TRIE);
        assertThat(Keccak256.hash(Bytes.of(0xc0))).isEqualTo(Hash.EMPTY_LIST);
    }

    @Test
    void everyLengthUpToAThousandAgreesWithBouncyCastle() {
        Seeded.forSeeds(1_001, random -> {
            int length = random.nextInt(1_001);
            byte[] input = Seeded.bytes(random, length + 7).toArray();
            assertThat(Keccak256.hash(input, 3, length)).isEqualTo(oracle(input, 3, length));
        });
        for (int length = 0; length <= 1_000; length++) {
            assertThat(Keccak256.hash(new byte[length])).isEqualTo(oracle(new byte[length], 0, length));
        }
    }

    @Test
    void theFormsForOneAndTwoWordsEqualTheGeneralOne() {
        Seeded.forSeeds(100, random -> {
            Hash first = Seeded.hash(random);
            Hash second = Seeded.hash(random);
            assertThat(Keccak256.hash(first)).isEqualTo(Keccak256.hash(first.toArray()));
            assertThat(Keccak256.hash(first, second))
                    .isEqualTo(Keccak256.hash(Bytes.concatenate(first.toBytes(), second.toBytes())));
        });
    }

    private static Hash oracle(byte[] input, int offset, int length) {
        KeccakDigest digest = new KeccakDigest(256);
        digest.update(input, offset, length);
        byte[] out = new byte[Hash.SIZE];
        digest.doFinal(out, 0);
        return Hash.of(out);
    }
}
