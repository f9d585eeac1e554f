package io.engram.client.bench;

import io.engram.evm.precompile.Precompile;
import io.engram.evm.precompile.Precompiles;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.fork.Fork;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Typical and worst inputs of every precompiled contract: those on which the least gas buys the most work. The digests
 * of hashes and powers were made with another implementation; those of curves follow from the group law, or were noted
 * from code that passes the public vectors of its EIP.
 */
public final class PrecompileInputs {

    private static final int WORD = 32;
    private static final String ORDER_254 = "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001";
    private static final String ORDER_381 = "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001";

    private static final Bytes G1_254 = words("1", "2");
    private static final Bytes G2_254 = words(
            "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2",
            "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed",
            "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b",
            "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa");
    private static final Bytes G1_381 = elements(
            "17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb",
            "08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1");
    private static final Bytes G2_381 = elements(
            "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8",
            "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e",
            "0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801",
            "0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be");

    private final List<PrecompileInput> inputs = new ArrayList<>();

    private PrecompileInputs() {}

    /** All of them, by contract. */
    public static List<PrecompileInput> all() {
        PrecompileInputs all = new PrecompileInputs();
        all.hashes();
        all.powers();
        all.curve254();
        all.blake();
        all.signatures();
        all.curve381();
        return List.copyOf(all.inputs);
    }

    private void add(int address, String contract, String shape, Bytes input, String digest) {
        inputs.add(new PrecompileInput(contract, shape, address, input.toArray(), Hash.fromHex(digest)));
    }

    private static Bytes filled(int length, int value) {
        return Bytes.repeat((byte) value, length);
    }

    private static Bytes words(String... numbers) {
        List<Bytes> words = new ArrayList<>();
        for (String number : numbers) {
            words.add(UInt256.valueOf(new BigInteger(number, 16)));
        }
        return Bytes.concatenate(words);
    }

    /** Elements of the field of BLS12-381, 64 bytes each. */
    private static Bytes elements(String... numbers) {
        List<Bytes> elements = new ArrayList<>();
        for (String number : numbers) {
            elements.add(Bytes.concatenate(Bytes.wrap(new byte[16]), Bytes.fromHexString(number)));
        }
        return Bytes.concatenate(elements);
    }

    private static Bytes call(int address, Bytes... input) {
        Precompile contract = Precompiles.at(Fork.OSAKA).get(new Address(0, 0, address));
        if (contract == null) {
            throw new IllegalArgumentException("no contract at " + address);
        }
        return Bytes.wrap(contract.run(Bytes.concatenate(input).toArray()).orElseThrow());
    }

    private void hashes() {
        for (Shape shape : Shape.HASHES) {
            add(2, "sha256", shape.name(), filled(shape.size(), 0x5a), shape.digest());
        }
        for (Shape shape : Shape.HASHES_160) {
            add(3, "ripemd160", shape.name(), filled(shape.size(), 0x5a), shape.digest());
        }
        for (Shape shape : Shape.COPIES) {
            add(4, "identity", shape.name(), filled(shape.size(), 0x5a), shape.digest());
        }
    }

    /** An input by size. */
    private record Shape(String name, int size, String digest) {
        static final List<Shape> HASHES = List.of(
                new Shape("0 bytes", 0, "a332df1e58a99d8dcb0767dab2d23985ef337d59fadbe040f56e1c642b314973"),
                new Shape("64 bytes", 64, "ca38d85b36eadff9498f004804a9ae6167debdc7f7b407cfb6197d4523ff48c6"),
                new Shape("1 KiB", 1024, "87b246cb8eba9c4c72ab2f91ad2e99d157c00ec0b4b7c173cf99c3cc2d604969"),
                new Shape("256 KiB", 1 << 18, "97dab1eeadf8493b8d792047d310f4d00109ce9799e64e876cbaf713e434185e"));
        static final List<Shape> HASHES_160 = List.of(
                new Shape("0 bytes", 0, "ca0e09f0d7e059d5622273830ef5fb4af381220140736458d6b5fb221c0988e1"),
                new Shape("64 bytes", 64, "552b858fb7d7852f1c5735406bdd1745994b5c954a78e4db2386454c317b29c0"),
                new Shape("256 KiB", 1 << 18, "d4e5841052d7eefadbf0f6e5ccbaf4ae8214f42edabdd862b39c508465409b09"));
        static final List<Shape> COPIES = List.of(
                new Shape("0 bytes", 0, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
                new Shape("64 bytes", 64, "6a96a50f398b14abbb6575ad1d053047d384715588a827614b2a6652def3b89a"),
                new Shape("256 KiB", 1 << 18, "78a051400ad724e3f08279db96991e467a95bc94fad710c28ef8cc634597180e"));
    }

    private void powers() {
        for (ModExpShape shape : ModExpShape.ALL) {
            add(5, "modexp", shape.name(), shape.input(), shape.digest());
        }
    }

    private void curve254() {
        Bytes large = filled(WORD, 0xff);
        Bytes order = Bytes.fromHexString(ORDER_254);
        Bytes p = call(7, G1_254, large);
        Bytes q = call(7, p, large);
        add(
                6,
                "bn254 add",
                "two points",
                Bytes.concatenate(p, q),
                "806ae0f5a30da3bc9707f3a4da05d7dfd29e1ad039398402b5f62a4aaa7e8539");
        add(
                6,
                "bn254 add",
                "a point twice",
                Bytes.concatenate(p, p),
                "d921b3c11fd50430f79b59b23e2449a6c8994fe7c175fdce41c099ddb4bbcebb");
        add(
                7,
                "bn254 mul",
                "scalar of ones",
                Bytes.concatenate(p, large),
                "cd64fe5dc7e1bc9433a292b44f065d4d63a0432a72cf90c296d9cc82d6315c46");
        add(
                7,
                "bn254 mul",
                "order − 1",
                Bytes.concatenate(p, minus(order, 1)),
                "995e91860bacbce70d21e9af99a9436faa99a9888b16187e748e89f6cd69065d");
        String yes = "b10e2d527612073b26eecdfd717e6a320cf44b4afac2b0732d9fcbe2b7fa0cf6";
        add(8, "bn254 pairing", "no pair", Bytes.EMPTY, yes);
        add(
                8,
                "bn254 pairing",
                "1 pair",
                Bytes.concatenate(p, G2_254),
                "290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563");
        for (int pairs : new int[] {2, 8}) {
            add(8, "bn254 pairing", pairs + " pairs", pairs254(pairs), yes);
        }
    }

    private static Bytes minus(Bytes number, long value) {
        return UInt256.valueOf(number.toUnsignedBigInteger().subtract(BigInteger.valueOf(value)));
    }

    /** Multiples of the generator that add up to nothing, each with the generator of the other group. */
    private static Bytes pairs254(int pairs) {
        List<Bytes> parts = new ArrayList<>();
        long sum = 0;
        for (int i = 1; i < pairs; i++) {
            parts.add(call(7, G1_254, UInt256.valueOf(i)));
            parts.add(G2_254);
            sum += i;
        }
        parts.add(call(7, G1_254, minus(Bytes.fromHexString(ORDER_254), sum)));
        parts.add(G2_254);
        return Bytes.concatenate(parts);
    }

    private void blake() {
        Bytes state = Bytes.concatenate(filled(64, 0x5a), filled(128, 0xa5), filled(16, 0x01), Bytes.of(1));
        add(
                9,
                "blake2f",
                "1 round",
                Bytes.concatenate(Bytes.ofUnsignedInt(1), state),
                "2bcb932cdf515245ecb4764922f77c12246ba47a7d9e00f5b66f106a9da39406");
        add(
                9,
                "blake2f",
                "12 rounds",
                Bytes.concatenate(Bytes.ofUnsignedInt(12), state),
                "32a9f7c44acf729c2912f0de9e65326fe298138d5f23cc9a3f8e5b584c85cfa8");
        add(
                9,
                "blake2f",
                "1,000,000 rounds",
                Bytes.concatenate(Bytes.ofUnsignedInt(1_000_000), state),
                "e70815a58d7c6da16e84c72e48093bda3dd1855cef18f9b5034cd82a47e16a2b");
    }

    private void signatures() {
        // The signature of Keccak-256 of nothing that has the generator as its random point.
        add(
                1,
                "ecrecover",
                "a signature",
                words(
                        "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
                        "1b",
                        "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
                        "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0"),
                "94dd68b89f123cba22e9a9e87dd8a30466beb11b89da783949ea0cfdd6feb96d");
        // RFC 6979, A.2.5, SHA-256 of "sample"
        add(
                256,
                "p256verify",
                "a signature",
                words(
                        "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
                        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
                        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
                        "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
                        "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"),
                "b10e2d527612073b26eecdfd717e6a320cf44b4afac2b0732d9fcbe2b7fa0cf6");
        // p(x) = x: its commitment is the second point of the trusted setup, the quotient at any place is one.
        Bytes commitment = Bytes.fromHexString(
                "ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81");
        Bytes proof = Bytes.fromHexString(
                "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb");
        Bytes versionedHash = Bytes.concatenate(Bytes.of(1), call(2, commitment).slice(1));
        Bytes place = minus(Bytes.fromHexString(ORDER_381), 7);
        add(
                10,
                "point evaluation",
                "a proof",
                Bytes.concatenate(versionedHash, place, place, commitment, proof),
                "b2157d3a40131b14c4c675335465dffde802f0ce5218ad012284d7f275d1b37c");
    }

    private void curve381() {
        Bytes large = filled(WORD, 0xff);
        Bytes p1 = call(12, G1_381, large);
        Bytes p2 = call(14, G2_381, large);
        add(
                11,
                "bls g1 add",
                "two points",
                Bytes.concatenate(p1, G1_381),
                "2d74027c918cff9aa04a23485a9ef4e33b8920773c41774121fc4f8e60262454");
        add(
                11,
                "bls g1 add",
                "a point twice",
                Bytes.concatenate(p1, p1),
                "924070bc5fe04056fd3e3e578fb848647977d2840f94e0571cba028fd4673cbd");
        add(
                12,
                "bls g1 msm",
                "1 point",
                Bytes.concatenate(p1, large),
                "b1beae81f58008e8f6e8495f167b2955e623666a84d104a661d486a47e410253");
        add(
                12,
                "bls g1 msm",
                "1 point, scalar 0",
                Bytes.concatenate(p1, Bytes.wrap(new byte[WORD])),
                "012893657d8eb2efad4de0a91bcd0e39ad9837745dec3ea923737ea803fc8e3d");
        add(
                12,
                "bls g1 msm",
                "2 points",
                multiples(12, G1_381, 2),
                "23bd9370468df9b72dea3ccb634566af248e6a2bf9b458ca98e80cf8fb1bf6aa");
        add(
                12,
                "bls g1 msm",
                "16 points",
                multiples(12, G1_381, 16),
                "bb641b5cb59d7aa3843fc95fa0d97fb9f580d948c9e0cd3bf20da9a2fd34615b");
        add(
                12,
                "bls g1 msm",
                "128 points",
                multiples(12, G1_381, 128),
                "6543c31142bb8544c8552d5da8b34d734967370753fb855e5d5c70d77b9c2bdc");
        add(
                13,
                "bls g2 add",
                "two points",
                Bytes.concatenate(p2, G2_381),
                "67055ec4ac18dde8c6ac95790b09d9be78a6a1ebb3e2ac6d07414665c583a02d");
        add(
                13,
                "bls g2 add",
                "a point twice",
                Bytes.concatenate(p2, p2),
                "7f5c1a39ccad97f9aefd89e2ac3b1e2f4ee7be139102bc1ba073d73fc78f2dca");
        add(
                14,
                "bls g2 msm",
                "1 point",
                Bytes.concatenate(p2, large),
                "a0679fa5d5a2ec9106a7ae4093705aa218d804a75084bac53144c3acaca5e28a");
        add(
                14,
                "bls g2 msm",
                "1 point, scalar 0",
                Bytes.concatenate(p2, Bytes.wrap(new byte[WORD])),
                "d397b3b043d87fcd6fad1291ff0bfd16401c274896d8c63a923727f077b8e0b5");
        add(
                14,
                "bls g2 msm",
                "2 points",
                multiples(14, G2_381, 2),
                "badb218c515d29b62025ccaa3d770eb4b37c22420c0e999d00e0c09f76480bf6");
        add(
                14,
                "bls g2 msm",
                "16 points",
                multiples(14, G2_381, 16),
                "ece7091c9fddba8fcc93342d6e3bd6fe047971b57abdebb7fc127f0f7731b4f7");
        add(
                14,
                "bls g2 msm",
                "128 points",
                multiples(14, G2_381, 128),
                "34a345bc2dda34b96819532952c6ac705ff07a9b50ac00c949af21f37448d28e");
        add(
                15,
                "bls pairing",
                "1 pair",
                Bytes.concatenate(p1, G2_381),
                "290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563");
        for (int pairs : new int[] {2, 8}) {
            add(
                    15,
                    "bls pairing",
                    pairs + " pairs",
                    pairs381(pairs),
                    "b10e2d527612073b26eecdfd717e6a320cf44b4afac2b0732d9fcbe2b7fa0cf6");
        }
        String element = "0a".repeat(48);
        add(
                16,
                "bls map fp to g1",
                "an element",
                elements(element),
                "7ca03c84a6e6f32838e3fcc59385843d136c8a5bdb7cee78a7e43f13bc9edecb");
        add(
                17,
                "bls map fp2 to g2",
                "an element",
                elements(element, element),
                "a718c65ce0e88c3bbfa43dabfd15f62ff91581995e3c5472fc71f1c34dbea14f");
    }

    /** Multiples of a point, each with a scalar of ones. */
    private static Bytes multiples(int address, Bytes point, int count) {
        List<Bytes> parts = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            parts.add(call(address, point, UInt256.valueOf(i)));
            parts.add(filled(WORD, 0xff));
        }
        return Bytes.concatenate(parts);
    }

    private static Bytes pairs381(int pairs) {
        List<Bytes> parts = new ArrayList<>();
        long sum = 0;
        for (int i = 1; i < pairs; i++) {
            parts.add(call(12, G1_381, UInt256.valueOf(i)));
            parts.add(G2_381);
            sum += i;
        }
        parts.add(call(12, G1_381, minus(Bytes.fromHexString(ORDER_381), sum)));
        parts.add(G2_381);
        return Bytes.concatenate(parts);
    }
}
