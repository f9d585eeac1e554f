package io.engram.evm.precompile;

import java.util.Optional;
import org.bouncycastle.crypto.digests.RIPEMD160Digest;

/** RIPEMD-160 of the input, left-padded to 32 bytes. Source: yellow paper, appendix E. */
final class Ripemd160 implements Precompile {

    @Override
    public long gas(byte[] input) {
        return Input.perWord(600, 120, input);
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        RIPEMD160Digest digest = new RIPEMD160Digest();
        digest.update(input, 0, input.length);
        byte[] word = new byte[32];
        digest.doFinal(word, 12);
        return Optional.of(word);
    }
}
