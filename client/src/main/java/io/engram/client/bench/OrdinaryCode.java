package io.engram.client.bench;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * Code that spends its gas on one opcode or precompiled contract until it has none left, with arguments on which that is
 * slow: what a block of ordinary transactions can cost a node at worst.
 */
final class OrdinaryCode {

    private static final int WORD = 32;
    private static final int BLS_PADDING = 16;

    private static final String BN_G2 = "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
            + "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
            + "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
            + "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa";

    private static final String BLS_G1_X =
            "17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac58" + "6c55e83ff97a1aeffb3af00adb22c6bb";
    private static final String BLS_G1_Y =
            "08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3ed" + "d03cc744a2888ae40caa232946c5e7e1";
    private static final String BLS_G2_X0 =
            "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d177" + "0bac0326a805bbefd48056c8c121bdb8";
    private static final String BLS_G2_X1 =
            "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049" + "334cf11213945d57e5ac7d055d042b7e";
    private static final String BLS_G2_Y0 =
            "0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c" + "923ac9cc3baca289e193548608b82801";
    private static final String BLS_G2_Y1 =
            "0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab" + "3f370d275cec1da1aaa9075ff05f79be";

    private OrdinaryCode() {}

    /**
     * Code with its call data.
     *
     * @param name of the opcode or contract
     */
    record Case(String name, Bytes code, Bytes input) {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        opcodes(cases);
        precompiles(cases);
        return List.copyOf(cases);
    }

    private static void opcodes(List<Case> cases) {
        String max = "7f" + "f".repeat(64);
        String odd = "7f" + "8".repeat(63) + "3";
        // PUSH1 size, PUSH0, KECCAK256, POP
        cases.add(loop("keccak256 of 32 bytes", "60205f2050"));
        cases.add(loop("keccak256 of 137 bytes", "60895f2050"));
        cases.add(loop("mulmod", odd + max + max + "0950"));
        cases.add(loop("addmod", odd + max + max + "0850"));
        cases.add(loop("sdiv", "6f" + "7".repeat(32) + odd + "0550"));
        cases.add(loop("mod", "6f" + "7".repeat(32) + odd + "0650"));
        cases.add(loop("exp", max + odd + "0a50"));
        // PUSH0 × 3, CREATE of nothing is dear; EXTCODEHASH, BALANCE and SLOAD of what is warm.
        cases.add(loop("balance, warm", "303150"));
        cases.add(loop("sload, warm", "5f5450"));
        cases.add(loop("sstore, warm", "5a5f55"));
        cases.add(loop("tstore", "5a5f5d"));
        cases.add(loop("log0 of 32 bytes", "60205fa0"));
        cases.add(loop("mcopy of 4 KiB", "6110005f5f5e"));
        cases.add(loop("call of an empty account", "5f5f5f5f5f60ff5af150"));
    }

    /** The body over and over; the stack is the same after each round. */
    private static Case loop(String name, String body) {
        int times = Math.max(1, 4_000 / (body.length() / 2));
        return new Case(name, Bytes.fromHexString("0x5b" + body.repeat(times) + "5f56"), Bytes.EMPTY);
    }

    private static void precompiles(List<Case> cases) {
        KeyPair key = KeyPair.of(Hash.fromHex("0x" + "42".repeat(WORD)));
        Hash digest = Hash.fromHex("0x" + "17".repeat(WORD));
        Signature signature = Secp256k1.sign(digest, key);
        String signed = digest.toHex().substring(2)
                + word(BigInteger.valueOf(27 + signature.yParity()))
                + signature.r().toHex().substring(2)
                + signature.s().toHex().substring(2);
        cases.add(precompile("ecrecover", 1, signed));
        cases.add(precompile("sha256 of 0 bytes", 2, ""));
        cases.add(precompile("sha256 of 8 KiB", 2, "5a".repeat(8_192)));
        cases.add(precompile("ripemd160 of 8 KiB", 3, "5a".repeat(8_192)));
        cases.add(precompile("modexp 32 bytes, odd", 5, modexp(32, 32, "f1")));
        cases.add(precompile("modexp 40 bytes, odd", 5, modexp(40, 32, "f1")));
        cases.add(precompile("modexp 64 bytes, even", 5, modexp(64, 64, "f0")));
        cases.add(precompile("modexp 256 bytes, odd", 5, modexp(256, 64, "f1")));
        cases.add(precompile("modexp 1024 bytes, even", 5, modexp(1_024, 16, "f0")));
        String bn = word(BigInteger.ONE) + word(BigInteger.TWO);
        cases.add(precompile("bn254 add", 6, bn + bn));
        cases.add(precompile("bn254 mul", 7, bn + "f".repeat(64)));
        cases.add(precompile("bn254 pairing of 1", 8, bn + BN_G2));
        cases.add(precompile("bn254 pairing of 8", 8, (bn + BN_G2).repeat(8)));
        cases.add(precompile("blake2f, 1 round", 9, "00000001" + "48".repeat(208) + "01"));
        cases.add(precompile("blake2f, 12 rounds", 9, "0000000c" + "48".repeat(208) + "01"));
        cases.add(precompile("blake2f, 100,000 rounds", 9, "000186a0" + "48".repeat(208) + "01"));
        String g1 = field(BLS_G1_X) + field(BLS_G1_Y);
        String g2 = field(BLS_G2_X0) + field(BLS_G2_X1) + field(BLS_G2_Y0) + field(BLS_G2_Y1);
        String scalar = "6".repeat(64);
        cases.add(precompile("bls12 g1 add", 0x0b, g1 + g1));
        cases.add(precompile("bls12 g1 msm of 1", 0x0c, g1 + scalar));
        cases.add(precompile("bls12 g1 msm of 16", 0x0c, (g1 + scalar).repeat(16)));
        cases.add(precompile("bls12 g2 add", 0x0d, g2 + g2));
        cases.add(precompile("bls12 g2 msm of 1", 0x0e, g2 + scalar));
        cases.add(precompile("bls12 pairing of 1", 0x0f, g1 + g2));
        cases.add(precompile("bls12 map fp to g1", 0x10, field("0" + BLS_G1_X.substring(1))));
        cases.add(precompile("bls12 map fp2 to g2", 0x11, field(BLS_G2_X0) + field(BLS_G2_X1)));
        cases.add(precompile("p256verify", 0x100, P256Sample.hex()));
    }

    private static String modexp(int size, int exponentSize, String last) {
        String number = "f3".repeat(size - 1) + last;
        return word(BigInteger.valueOf(size))
                + word(BigInteger.valueOf(exponentSize))
                + word(BigInteger.valueOf(size))
                + "e7".repeat(size)
                + "ff".repeat(exponentSize)
                + number;
    }

    /** CALLDATACOPY of all, then calls of the contract until the gas is gone. */
    private static Case precompile(String name, int address, String inputHex) {
        Bytes input = Bytes.fromHexString("0x" + inputHex);
        String start = "365f5f375b";
        // PUSH2 0, PUSH0: no output is taken; CALLDATASIZE, PUSH0: the input; PUSH2 address, GAS, STATICCALL, POP.
        String call = "5f5f365f61" + String.format("%04x", address) + "5afa50";
        return new Case(name, Bytes.fromHexString("0x" + start + call.repeat(100) + "600456"), input);
    }

    private static String field(String hex) {
        return "00".repeat(BLS_PADDING) + hex;
    }

    private static String word(BigInteger value) {
        return String.format("%064x", value);
    }
}
