package io.engram.genesis.crypto;

import java.nio.charset.StandardCharsets;
import org.apache.tuweni.bytes.Bytes;

/** The four bytes by which call data names a function (Solidity ABI specification, function selector). */
public final class FunctionSelector {

    private static final int SIZE = 4;

    private FunctionSelector() {}

    /** @param signature name and canonical types, as {@code transfer(address,uint256)} */
    public static Bytes of(String signature) {
        return Keccak256.hash(signature.getBytes(StandardCharsets.US_ASCII))
                .toBytes()
                .slice(0, SIZE);
    }
}
