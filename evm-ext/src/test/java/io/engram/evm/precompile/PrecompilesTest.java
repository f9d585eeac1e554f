package io.engram.evm.precompile;

import static org.assertj.core.api.Assertions.assertThat;

import fr.acinq.secp256k1.Secp256k1;
import io.engram.genesis.Address;
import io.engram.genesis.fork.Fork;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.junit.jupiter.api.Test;

/** Every contract on vectors of its standard or on values made here; needs no corpus. */
class PrecompilesTest {

    private static final String PADDING = "00".repeat(16);

    private static final byte[] G1 = Vector.bytes(PADDING
            + "17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
            + PADDING
            + "08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1");

    private static final byte[] G2 = Vector.bytes(PADDING
            + "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
            + PADDING
            + "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
            + PADDING
            + "0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801"
            + PADDING
            + "0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be");

    private static final BigInteger BLS_ORDER =
            new BigInteger("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", 16);
    private static final BigInteger BLS_PRIME = new BigInteger(
            "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab", 16);

    private final long seed = System.nanoTime();
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

    @Test
    void contractsAppearWithTheirForks() {
        assertThat(Precompiles.at(Fork.FRONTIER)).hasSize(4);
        assertThat(Precompiles.at(Fork.SPURIOUS_DRAGON)).hasSize(4);
        assertThat(Precompiles.at(Fork.BYZANTIUM)).hasSize(8);
        assertThat(Precompiles.at(Fork.PETERSBURG)).hasSize(8);
        assertThat(Precompiles.at(Fork.ISTANBUL)).hasSize(9);
        assertThat(Precompiles.at(Fork.SHANGHAI)).hasSize(9);
        assertThat(Precompiles.at(Fork.CANCUN)).hasSize(10);
        assertThat(Precompiles.at(Fork.PRAGUE)).hasSize(17);
        assertThat(Precompiles.at(Fork.OSAKA)).hasSize(18).containsKey(new Address(0, 0, 0x100));
        assertThat(Precompiles.at(Fork.OSAKA)).isSameAs(Precompiles.at(Fork.OSAKA));
    }

    @Test
    void gasFollowsTheFork() {
        byte[] pair = new byte[192];
        assertThat(Vector.contract(6, Fork.BYZANTIUM).gas(pair)).isEqualTo(500);
        assertThat(Vector.contract(6, Fork.ISTANBUL).gas(pair)).isEqualTo(150);
        assertThat(Vector.contract(7, Fork.BYZANTIUM).gas(pair)).isEqualTo(40_000);
        assertThat(Vector.contract(7, Fork.ISTANBUL).gas(pair)).isEqualTo(6_000);
        assertThat(Vector.contract(8, Fork.BYZANTIUM).gas(pair)).isEqualTo(180_000);
        assertThat(Vector.contract(8, Fork.ISTANBUL).gas(pair)).isEqualTo(79_000);
        assertThat(Vector.contract(1, Fork.OSAKA).gas(pair)).isEqualTo(3_000);
        assertThat(Vector.contract(2, Fork.OSAKA).gas(new byte[33])).isEqualTo(84);
        assertThat(Vector.contract(3, Fork.OSAKA).gas(new byte[33])).isEqualTo(840);
        assertThat(Vector.contract(4, Fork.OSAKA).gas(new byte[33])).isEqualTo(21);
        assertThat(Vector.contract(12, Fork.OSAKA).gas(new byte[160 * 129])).isEqualTo(803_412);
        assertThat(Vector.contract(14, Fork.OSAKA).gas(new byte[288 * 2])).isEqualTo(45_000);
        assertThat(Vector.contract(0x100, Fork.OSAKA).gas(pair)).isEqualTo(6_900);
    }

    @Test
    void inputOfAnyLengthGivesAResultOrAFailure() {
        for (Map.Entry<Address, Precompile> entry : Precompiles.at(Fork.OSAKA).entrySet()) {
            for (int round = 0; round < 300; round++) {
                byte[] input = new byte[random.nextInt(round < 150 ? 230 : 1300)];
                switch (round % 4) {
                    case 0 -> random.nextBytes(input);
                    case 1 -> Arrays.fill(input, (byte) 0xff);
                    case 2 -> {
                        random.nextBytes(input);
                        Arrays.fill(input, 0, input.length / 2, (byte) 0);
                    }
                    default -> Arrays.fill(input, (byte) 0);
                }
                byte[] before = input.clone();
                long gas = entry.getValue().gas(input);
                assertThat(gas).as("seed %d, %s", seed, entry.getKey()).isNotNegative();
                if (gas < 3_000_000) {
                    assertThat(entry.getValue().run(input)).isNotNull();
                }
                assertThat(input).isEqualTo(before);
            }
        }
    }

    @Test
    void recoversTheAddressOfASigner() {
        Precompile contract = Vector.contract(1, Fork.FRONTIER);
        byte[] key = word(BigInteger.ONE);
        byte[] hash = Sha256.digest().digest(key);
        byte[] signature = Secp256k1.get().sign(hash, key, new byte[32]);
        byte[] address = Vector.bytes("00".repeat(12) + "7e5f4552091a69125d5dfcb7b8c2659029395bdf");
        int found = 0;
        for (int v = 27; v <= 28; v++) {
            byte[] input = join(hash, word(BigInteger.valueOf(v)), signature);
            found += Arrays.equals(contract.run(input).orElseThrow(), address) ? 1 : 0;
            assertThat(contract.run(join(input, new byte[9])))
                    .hasValue(contract.run(input).orElseThrow());
        }
        assertThat(found).isEqualTo(1);
        byte[] nothing = {};
        assertThat(contract.run(nothing)).hasValue(nothing);
        assertThat(contract.run(join(hash, word(BigInteger.valueOf(29)), signature)))
                .hasValue(nothing);
        byte[] order = Vector.bytes("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
        assertThat(contract.run(join(hash, word(BigInteger.valueOf(27)), order, order)))
                .hasValue(nothing);
        assertThat(contract.run(join(hash, word(BigInteger.valueOf(27)), word(BigInteger.ZERO), word(BigInteger.ONE))))
                .hasValue(nothing);
    }

    @Test
    void hashesAndCopies() {
        Vector.of("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
                .check(Vector.contract(2, Fork.FRONTIER));
        Vector.of("616263", "0000000000000000000000008eb208f7e05d987a9b044a8e98c6b087f15a0bfc")
                .check(Vector.contract(3, Fork.FRONTIER));
        Vector.of("616263", "616263").check(Vector.contract(4, Fork.FRONTIER));
    }

    @Test
    void raisesToPowers() {
        // Fermat's little theorem for the prime of secp256k1, the example of EIP-198
        byte[] input = Vector.bytes("0000000000000000000000000000000000000000000000000000000000000001"
                + "0000000000000000000000000000000000000000000000000000000000000020"
                + "0000000000000000000000000000000000000000000000000000000000000020"
                + "03"
                + "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e"
                + "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
        for (Fork fork : new Fork[] {Fork.BYZANTIUM, Fork.BERLIN, Fork.OSAKA}) {
            assertThat(Vector.contract(5, fork).run(input)).hasValue(word(BigInteger.ONE));
        }
        assertThat(Vector.contract(5, Fork.BYZANTIUM).gas(input)).isEqualTo(13_056);
        assertThat(Vector.contract(5, Fork.BERLIN).gas(input)).isEqualTo(1_360);
        assertThat(Vector.contract(5, Fork.OSAKA).gas(input)).isEqualTo(4_080);
        assertThat(Vector.contract(5, Fork.OSAKA).run(new byte[0])).hasValue(new byte[0]);
    }

    @Test
    void compressesAsBlake2bDoes() {
        Precompile contract = Vector.contract(9, Fork.ISTANBUL);
        for (int length = 0; length <= 128; length++) {
            byte[] message = new byte[length];
            random.nextBytes(message);
            Blake2bDigest digest = new Blake2bDigest(512);
            digest.update(message, 0, length);
            byte[] expected = new byte[64];
            digest.doFinal(expected, 0);
            byte[] start = Vector.bytes("48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
                    + "d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b");
            byte[] count = new byte[16];
            count[0] = (byte) length;
            byte[] input = join(new byte[] {0, 0, 0, 12}, start, Arrays.copyOf(message, 128), count, new byte[] {1});
            assertThat(contract.run(input)).as("seed %d", seed).hasValue(expected);
            assertThat(contract.gas(input)).isEqualTo(12);
        }
        assertThat(contract.run(new byte[212])).isEmpty();
        byte[] badFlag = new byte[213];
        badFlag[212] = 2;
        assertThat(contract.run(badFlag)).isEmpty();
    }

    @Test
    void evaluatesThePolynomialX() {
        Precompile contract = Vector.contract(0x0a, Fork.CANCUN);
        // the commitment of X is [τ]G₁ of the ceremony; its quotient by X - z is 1, whose commitment is G₁
        byte[] commitment = Vector.bytes(
                "ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81");
        byte[] proof = Vector.bytes(
                "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb");
        byte[] hash = Sha256.digest().digest(commitment);
        hash[0] = 1;
        for (int round = 0; round < 5; round++) {
            byte[] z = word(number(254).mod(BLS_ORDER));
            byte[] output = contract.run(join(hash, z, z, commitment, proof)).orElseThrow();
            assertThat(output).isEqualTo(join(word(BigInteger.valueOf(4096)), word(BLS_ORDER)));
            byte[] y = word(new BigInteger(1, z).add(BigInteger.ONE).mod(BLS_ORDER));
            assertThat(contract.run(join(hash, z, y, commitment, proof))).isEmpty();
            assertThat(contract.run(join(z, z, z, commitment, proof))).isEmpty();
        }
        assertThat(contract.run(join(hash, word(BLS_ORDER), word(BLS_ORDER), commitment, proof)))
                .isEmpty();
    }

    @Test
    void multipliesAndAddsOnBls12() {
        for (int curve = 0; curve < 2; curve++) {
            Precompile add = Vector.contract(curve == 0 ? 11 : 13, Fork.PRAGUE);
            Precompile msm = Vector.contract(curve == 0 ? 12 : 14, Fork.PRAGUE);
            byte[] generator = curve == 0 ? G1 : G2;
            byte[] infinity = new byte[generator.length];
            byte[] sum = infinity;
            for (int k = 1; k < 6; k++) {
                sum = add.run(join(sum, generator)).orElseThrow();
                assertThat(msm.run(join(generator, word(BigInteger.valueOf(k)))))
                        .hasValue(sum);
            }
            assertThat(add.run(join(infinity, infinity))).hasValue(infinity);
            assertThat(msm.run(join(generator, word(BLS_ORDER)))).hasValue(infinity);
            for (int pairs = 2; pairs < 40; pairs += 9) {
                byte[] input = new byte[0];
                BigInteger total = BigInteger.ZERO;
                for (int i = 0; i < pairs; i++) {
                    BigInteger scalar = number(256);
                    boolean zero = i % 5 == 1;
                    total = zero ? total : total.add(scalar);
                    input = join(input, zero ? infinity : generator, word(scalar));
                }
                assertThat(msm.run(input))
                        .as("seed %d", seed)
                        .hasValue(msm.run(join(generator, word(total.mod(BLS_ORDER))))
                                .orElseThrow());
            }
            assertThat(add.run(infinity)).isEmpty();
            assertThat(msm.run(new byte[0])).isEmpty();
            byte[] off = generator.clone();
            off[off.length - 1] ^= 1;
            assertThat(add.run(join(off, infinity))).isEmpty();
            byte[] unreduced = generator.clone();
            System.arraycopy(BLS_PRIME.toByteArray(), 0, unreduced, 16, 48);
            assertThat(add.run(join(unreduced, infinity))).isEmpty();
        }
        // (0, 2) is on the first curve, but not in the subgroup
        byte[] outside = new byte[128];
        outside[127] = 2;
        assertThat(Vector.contract(11, Fork.PRAGUE).run(join(outside, new byte[128])))
                .hasValue(outside);
        assertThat(Vector.contract(12, Fork.PRAGUE).run(join(outside, word(BigInteger.ONE))))
                .isEmpty();
        assertThat(Vector.contract(15, Fork.PRAGUE).run(join(outside, G2))).isEmpty();
    }

    @Test
    void pairsOnBls12() {
        Precompile pairing = Vector.contract(15, Fork.PRAGUE);
        Precompile g1 = Vector.contract(12, Fork.PRAGUE);
        Precompile g2 = Vector.contract(14, Fork.PRAGUE);
        for (int round = 0; round < 3; round++) {
            BigInteger a = number(254);
            BigInteger b = number(254);
            byte[] p = g1.run(join(G1, word(a.multiply(b).mod(BLS_ORDER)))).orElseThrow();
            byte[] minusA = g1.run(join(G1, word(a.negate().mod(BLS_ORDER)))).orElseThrow();
            byte[] q = g2.run(join(G2, word(b.mod(BLS_ORDER)))).orElseThrow();
            assertThat(pairing.run(join(p, G2, minusA, q))).as("seed %d", seed).hasValue(Input.word(true));
            assertThat(pairing.run(join(p, G2, minusA, q, G1, new byte[256]))).hasValue(Input.word(true));
            assertThat(pairing.run(join(p, G2, minusA, G2))).hasValue(Input.word(false));
        }
        assertThat(pairing.run(new byte[384])).hasValue(Input.word(true));
        assertThat(pairing.run(join(G1, G2))).hasValue(Input.word(false));
        assertThat(pairing.run(new byte[0])).isEmpty();
    }

    /** RFC 9380, J.9.1 and J.10.1, empty message: the hash is the sum of the images of its two field elements. */
    @Test
    void mapsToBls12AsHashingToTheCurveDoes() {
        Precompile map1 = Vector.contract(16, Fork.PRAGUE);
        byte[] u0 =
                fp("0ba14bd907ad64a016293ee7c2d276b8eae71f25a4b941eece7b0d89f17f75cb3ae5438a614fb61d6835ad59f29c564f");
        byte[] u1 =
                fp("019b9bd7979f12657976de2884c7cce192b82c177c80e0ec604436a7f538d231552f0d96d9f7babe5fa3b19b3ff25ac9");
        byte[] point = join(
                fp("052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1"),
                fp("08ba738453bfed09cb546dbb0783dbb3a5f1f566ed67bb6be0e8c67e2e81a4cc68ee29813bb7994998f3eae0c9c6a265"));
        assertThat(Vector.contract(11, Fork.PRAGUE)
                        .run(join(map1.run(u0).orElseThrow(), map1.run(u1).orElseThrow())))
                .hasValue(point);
        assertThat(map1.run(join(new byte[16], BLS_PRIME.toByteArray()))).isEmpty();

        Precompile map2 = Vector.contract(17, Fork.PRAGUE);
        byte[] v0 = join(
                fp("03dbc2cce174e91ba93cbb08f26b917f98194a2ea08d1cce75b2b9cc9f21689d80bd79b594a613d0a68eb807dfdc1cf8"),
                fp("05a2acec64114845711a54199ea339abd125ba38253b70a92c876df10598bd1986b739cad67961eb94f7076511b3b39a"));
        byte[] v1 = join(
                fp("02f99798e8a5acdeed60d7e18e9120521ba1f47ec090984662846bc825de191b5b7641148c0dbc237726a334473eee94"),
                fp("145a81e418d4010cc027a68f14391b30074e89e60ee7a22f87217b2f6eb0c4b94c9115b436e6fa4607e95a98de30a435"));
        byte[] twist = join(
                fp("0141ebfbdca40eb85b87142e130ab689c673cf60f1a3e98d69335266f30d9b8d4ac44c1038e9dcdd5393faf5c41fb78a"),
                fp("05cb8437535e20ecffaef7752baddf98034139c38452458baeefab379ba13dff5bf5dd71b72418717047f5b0f37da03d"),
                fp("0503921d7f6a12805e72940b963c0cf3471c7b2a524950ca195d11062ee75ec076daf2d4bc358c4b190c0c98064fdd92"),
                fp("12424ac32561493f3fe3c260708a12b7c620e7be00099a974e259ddc7d1f6395c3c811cdd19f1e8dbf3e9ecfdcbab8d6"));
        assertThat(Vector.contract(13, Fork.PRAGUE)
                        .run(join(map2.run(v0).orElseThrow(), map2.run(v1).orElseThrow())))
                .hasValue(twist);
    }

    @Test
    void verifiesSignaturesOverP256() throws GeneralSecurityException {
        Precompile contract = Vector.contract(0x100, Fork.OSAKA);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        BigInteger order = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        for (int round = 0; round < 10; round++) {
            KeyPair pair = generator.generateKeyPair();
            ECPublicKey key = (ECPublicKey) pair.getPublic();
            byte[] hash = new byte[32];
            random.nextBytes(hash);
            Signature signer = Signature.getInstance("NONEwithECDSAinP1363Format");
            signer.initSign(pair.getPrivate());
            signer.update(hash);
            byte[] signature = signer.sign();
            byte[] point = join(word(key.getW().getAffineX()), word(key.getW().getAffineY()));
            byte[] input = join(hash, signature, point);
            assertThat(contract.run(input)).as("seed %d", seed).hasValue(Input.word(true));
            BigInteger s = new BigInteger(1, signature, 32, 32);
            byte[] mirrored = join(hash, Arrays.copyOf(signature, 32), word(order.subtract(s)), point);
            assertThat(contract.run(mirrored)).hasValue(Input.word(true));
            for (int at = 0; at < input.length; at += 13) {
                byte[] changed = input.clone();
                changed[at] ^= 1;
                assertThat(contract.run(changed)).as("seed %d", seed).hasValue(new byte[0]);
            }
            assertThat(contract.run(join(input, new byte[1]))).hasValue(new byte[0]);
        }
        assertThat(contract.run(new byte[160]))
                .isEqualTo(Optional.of(contract.run(new byte[0]).orElseThrow()));
    }

    private BigInteger number(int bits) {
        byte[] bytes = new byte[bits / 8 + 1];
        random.nextBytes(bytes);
        return new BigInteger(1, bytes).mod(BigInteger.ONE.shiftLeft(bits));
    }

    private static byte[] fp(String digits) {
        return Vector.bytes(PADDING + digits);
    }

    private static byte[] word(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] word = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, word, 32 - length, length);
        return word;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
