package io.engram.evm.precompile;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** SHA-256 of the input. Source: yellow paper, appendix E. */
final class Sha256 implements Precompile {

    /** Looking the algorithm up costs more than hashing a word, copying a fresh digest nearly nothing. */
    private static final MessageDigest FRESH = lookUp();

    @Override
    public long gas(byte[] input) {
        return Input.perWord(60, 12, input);
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        return Optional.of(digest().digest(input));
    }

    static MessageDigest digest() {
        try {
            return (MessageDigest) FRESH.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-256 of this Java platform cannot be copied", e);
        }
    }

    private static MessageDigest lookUp() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
