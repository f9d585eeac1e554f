package io.engram.genesis.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Seeded;
import java.math.BigInteger;
import java.util.Random;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class Secp256k1Test {

    @Test
    void thePublicKeyOfOneIsTheGenerator() {
        KeyPair one = KeyPair.of(new Hash(0, 0, 0, 1));
        assertThat(Hash.read(one.publicKey(), 0))
                .isEqualTo(Hash.fromHex("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"));
        assertThat(one.address()).isEqualTo(Address.fromHex("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"));
        assertThat(one.toString()).doesNotContain("000001");
    }

    @Test
    void recoveryFindsTheSignerOfAKnownSignature() {
        Hash digest = Hash.fromHex("0x456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3");
        Signature signature = new Signature(
                Hash.fromHex("0x9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608"),
                Hash.fromHex("0x4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada"),
                1);
        assertThat(Secp256k1.recoverAddress(digest, signature))
                .contains(Address.fromHex("0x7156526fbd7a3c72969b54f64e42c10fbb768c8a"));
    }

    @Test
    void whatIsSignedVerifiesAndRecoversWithHighSToo() {
        Seeded.forSeeds(50, random -> {
            KeyPair keys = keys(random);
            Hash digest = Seeded.hash(random);
            Signature signature = Secp256k1.sign(digest, keys);
            assertThat(Secp256k1.isLowS(signature)).isTrue();
            assertThat(Secp256k1.verify(digest, signature, keys.publicKey())).isTrue();
            assertThat(Secp256k1.recoverAddress(digest, signature)).contains(keys.address());

            Signature high = new Signature(signature.r(), negate(signature.s()), 1 - signature.yParity());
            assertThat(Secp256k1.isLowS(high)).isFalse();
            assertThat(Secp256k1.verify(digest, high, keys.publicKey())).isTrue();
            assertThat(Secp256k1.recoverAddress(digest, high)).contains(keys.address());

            Hash other = Seeded.hash(random);
            assertThat(Secp256k1.verify(other, signature, keys.publicKey())).isFalse();
            assertThat(Secp256k1.recoverAddress(other, signature)).isNotEqualTo(keys.address());
        });
    }

    @Test
    void randomSignaturesEndInAKeyOrInNothing() {
        Seeded.forSeeds(200, random -> {
            Signature signature = new Signature(Seeded.hash(random), Seeded.hash(random), random.nextInt(2));
            Hash digest = Seeded.hash(random);
            Secp256k1.recoverPublicKey(digest, signature)
                    .ifPresent(key ->
                            assertThat(Secp256k1.verify(digest, signature, key)).isTrue());
        });
        Hash order = Hash.of(UInt256.valueOf(Secp256k1.ORDER));
        Hash one = new Hash(0, 0, 0, 1);
        assertThat(Secp256k1.recoverPublicKey(one, new Signature(order, one, 0)))
                .isEmpty();
        assertThat(Secp256k1.recoverPublicKey(one, new Signature(one, Hash.ZERO, 0)))
                .isEmpty();
    }

    @Test
    void bothSidesOfAKeyAgreementArriveAtTheSamePoint() {
        Seeded.forSeeds(10, random -> {
            KeyPair a = keys(random);
            KeyPair b = keys(random);
            assertThat(Secp256k1.agree(a, b.publicKey())).isPresent().isEqualTo(Secp256k1.agree(b, a.publicKey()));
        });
        assertThat(Secp256k1.agree(KeyPair.of(new Hash(0, 0, 0, 1)), new byte[64]))
                .isEmpty();
    }

    @Test
    void zeroAndTheOrderAreNoPrivateKeys() {
        assertThatThrownBy(() -> KeyPair.of(Hash.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyPair.of(Hash.of(UInt256.valueOf(Secp256k1.ORDER))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Hash negate(Hash s) {
        BigInteger value = s.toBytes().toUnsignedBigInteger();
        return Hash.of(UInt256.valueOf(Secp256k1.ORDER.subtract(value)));
    }

    private static KeyPair keys(Random random) {
        return KeyPair.of(Seeded.hash(random));
    }
}
