package io.engram.client.bench;

import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * A call of modexp: base and modulus of one length. All bytes are 0xff, but for the last of the modulus.
 *
 * @param size bytes of base and modulus
 * @param exponent its bytes
 * @param modulusEnd the last byte of the modulus: odd, even
 * @param digest Keccak-256 of the output
 */
record ModExpShape(int size, String exponent, int modulusEnd, String digest) {

    private static final String E32 = "ff".repeat(32);
    private static final int ODD = 0xfd;
    private static final int EVEN = 0xfe;
    private static final int EIGHTH = 0xf8;

    /** Least gas for most work: lengths around whole words and the minimum price, exponents of few and of many bits. */
    static final List<ModExpShape> ALL = List.of(
            new ModExpShape(1, "ff", ODD, "90c6b0560086a2995a55b4345152a781b08e5807a71c43af6db3c78f60a98553"),
            new ModExpShape(1, E32, ODD, "cb772e5c8fce5e0d8e728f82f93d6b1e335cc57f19269e637bf92fd315214edf"),
            new ModExpShape(8, "ff", ODD, "0954e28962b8d5e6c8739a876e18910fc07ae53f056b905f8cfdd45ccc444e69"),
            new ModExpShape(8, "ff", EVEN, "6c31fc15422ebad28aaf9089c306702f67540b53c7eea8b7d2941044b027100f"),
            new ModExpShape(8, E32, ODD, "2272f8df96c8c1705f3bcbea40a4a495939f0ca15818c074fa00c86d53834557"),
            new ModExpShape(8, E32, EVEN, "6c31fc15422ebad28aaf9089c306702f67540b53c7eea8b7d2941044b027100f"),
            new ModExpShape(16, "ff", ODD, "126bd12ee8e76fa57eadb852ac884de323b810a6f3e0e2417318a7d75f985354"),
            new ModExpShape(16, "ff", EVEN, "bb7fe23a63b718bd884d492b9baaa9d2467699597718f4187205466f9e252d7b"),
            new ModExpShape(16, E32, ODD, "338eabdf61f018257377a1a310e5ed90f1bffd88df06815beb6698042ed2c3b2"),
            new ModExpShape(16, E32, EVEN, "bb7fe23a63b718bd884d492b9baaa9d2467699597718f4187205466f9e252d7b"),
            new ModExpShape(24, "ff", ODD, "548ab0c98e3c3d03b52e64106556e4f105d2af7ddf2af191b6044068fb4151ac"),
            new ModExpShape(24, "ff", EVEN, "bd465dc7b544c480dc6400ad26a95a4741d09c2d581aac44832e2bd3556da105"),
            new ModExpShape(24, E32, ODD, "b4fe5bcf2ebe7b4fcf7bad94a958a3ed62a89600636fc25bbd57856eb3e187d7"),
            new ModExpShape(24, E32, EVEN, "bd465dc7b544c480dc6400ad26a95a4741d09c2d581aac44832e2bd3556da105"),
            new ModExpShape(32, "02", ODD, "8a35acfbc15ff81a39ae7d344fd709f28e8600b4aa8c65c6b64bfe7fe36bd19b"),
            new ModExpShape(32, "02", EVEN, "b10e2d527612073b26eecdfd717e6a320cf44b4afac2b0732d9fcbe2b7fa0cf6"),
            new ModExpShape(32, "03", ODD, "f3f7a9fe364faab93b216da50a3214154f22a0a2b415b23a84c8169e8b636ee3"),
            new ModExpShape(32, "03", EVEN, "b10e2d527612073b26eecdfd717e6a320cf44b4afac2b0732d9fcbe2b7fa0cf6"),
            new ModExpShape(32, "ff", ODD, "de3995408d4211c18871603faad2abbdd832ff9dfb97528065798ee20dc635bf"),
            new ModExpShape(32, "ff", EVEN, "b10e2d527612073b26eecdfd717e6a320cf44b4afac2b0732d9fcbe2b7fa0cf6"),
            new ModExpShape(32, E32, ODD, "38b7b8c305dbbd94a5fb6df36184e06ddc0893388a06da1966f627c0a0d93cf2"),
            new ModExpShape(32, E32, EVEN, "b10e2d527612073b26eecdfd717e6a320cf44b4afac2b0732d9fcbe2b7fa0cf6"),
            new ModExpShape(32, "010001", ODD, "e0fcfcc1873e8446ea1b287525e2bc2c8a4ae73ffefdc62d0233cb7d89d978b8"),
            new ModExpShape(40, "ff", ODD, "d3edd31d92478ef149112bf4480b85e5972624c4962bfce574359e8065667408"),
            new ModExpShape(40, E32, ODD, "9e2b5a63dc646962183763fdf1399a9244ac7860213740cc8a4c4206fbe29ee0"),
            new ModExpShape(40, E32, EIGHTH, "b7b4d56a685fc7d67be7554b5ff65d3680cd66fcd34f0bc9e35bc31371a16abf"),
            new ModExpShape(64, "02", ODD, "17ef568e3e12ab5b9c7254a8d58478811de00f9e6eb34345acd53bf8fd09d3ec"),
            new ModExpShape(64, "03", EVEN, "a6eef7e35abe7026729641147f7915573c7e97b47efa546f5f6e3230263bcb49"),
            new ModExpShape(64, "ff", EVEN, "a6eef7e35abe7026729641147f7915573c7e97b47efa546f5f6e3230263bcb49"),
            new ModExpShape(64, E32, ODD, "82b3d9b3913b6fe215fe574ed4ae056a98d72a0535fdbc15f429939f37686810"),
            new ModExpShape(64, E32, EIGHTH, "fe6e9523776b985a96941ad790e789f0b75770c163636cc88e6d2931181da944"),
            new ModExpShape(128, "03", ODD, "05bfc3a489b7c793aed834baafdff80e172491ce8486654b4c30220308773d5b"),
            new ModExpShape(128, E32, EVEN, "5ef7b13ee58f4f224b8b646ff98862c43452d78b7b4d62f83b922bcca1455d57"),
            new ModExpShape(256, "02", EVEN, "11934057fe979f7d236d4bfe0cfcb7b2b1d5f4145867576ef0d8026fdcb33ab0"),
            new ModExpShape(256, "03", ODD, "ba14636d8b72a615e2ebf3ff46ace3444424a8b46d3c56d7696c308bc65fa3dd"),
            new ModExpShape(256, "010001", ODD, "85dc855ccf6c96d0749c673408f83e026ddb96c79cf6f84b87a5a07277a4427d"),
            new ModExpShape(256, "010001", EIGHTH, "d681b401fcdedc0f763e6d2ab5186c731fb4f17e79d8c315e73b360e10999a39"),
            new ModExpShape(256, E32, EVEN, "11934057fe979f7d236d4bfe0cfcb7b2b1d5f4145867576ef0d8026fdcb33ab0"),
            new ModExpShape(512, "02", EVEN, "c0fa26394a186647df62cd220a1e087639a10a413bfea20d7a2dac5946305fd4"),
            new ModExpShape(512, "010001", EVEN, "c0fa26394a186647df62cd220a1e087639a10a413bfea20d7a2dac5946305fd4"),
            new ModExpShape(1024, "02", ODD, "7ce67697b3c96f4a3f739334a808b272e48abb031c2e5d45224f7103612f4c12"),
            new ModExpShape(1024, "03", EVEN, "b30a702839641d710924c99f4f53830ef89808af9e1b19aca172e27154be694c"),
            new ModExpShape(1024, "010001", EIGHTH, "037ef4657087e81b6357b121480bedb1e8fc01afc83edf30e9741015d64d90b8"),
            new ModExpShape(1024, E32, ODD, "33799aefdb9927d8d6354f3244e64495770ec182fe8a17c1a5bae8359e4f0a93"));

    String name() {
        String parity = switch (modulusEnd) {
            case ODD -> "odd";
            case EVEN -> "even";
            default -> "8 times odd";
        };
        return size + " bytes, exponent "
                + (exponent.length() <= 8 ? "0x" + exponent : exponent.length() / 2 + " bytes of ones") + ", " + parity;
    }

    Bytes input() {
        Bytes power = Bytes.fromHexString(exponent);
        Bytes base = Bytes.repeat((byte) 0xff, size);
        Bytes modulus = Bytes.concatenate(Bytes.repeat((byte) 0xff, size - 1), Bytes.of(modulusEnd));
        return Bytes.concatenate(
                UInt256.valueOf(size), UInt256.valueOf(power.size()), UInt256.valueOf(size), base, power, modulus);
    }
}
