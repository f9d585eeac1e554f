package io.engram.evm.precompile;

import fr.acinq.secp256k1.Secp256k1;
import fr.acinq.secp256k1.Secp256k1Exception;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Address;
import java.util.Arrays;
import java.util.Optional;

/**
 * The address whose key made a secp256k1 signature: hash, v (27 or 28), r, s in; address as a word out, nothing when
 * there is none. Source: yellow paper, appendices E and F.
 */
final class EcRecover implements Precompile {

    private static final byte[] NOTHING = {};
    private static final long[] ORDER = {
        0xffffffffffffffffL, 0xfffffffffffffffeL, 0xbaaedce6af48a03bL, 0xbfd25e8cd0364141L
    };

    @Override
    public long gas(byte[] input) {
        return 3000;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        byte[] padded = Input.padded(input, 128);
        int v = padded[63];
        if ((v != 27 && v != 28) || !Input.isZero(padded, 32, 63) || !isScalar(padded, 64) || !isScalar(padded, 96)) {
            return Optional.of(NOTHING);
        }
        byte[] hash = Arrays.copyOf(padded, 32);
        byte[] signature = Arrays.copyOfRange(padded, 64, 128);
        byte[] key;
        try {
            key = library().ecdsaRecover(signature, hash, v - 27);
        } catch (Secp256k1Exception e) {
            // no point has that x, or the key would be the point at infinity
            return Optional.of(NOTHING);
        }
        byte[] word = new byte[32];
        Address.ofPublicKey(Arrays.copyOfRange(key, 1, 65)).write(word, 12);
        return Optional.of(word);
    }

    /** Whether the word at {@code offset} lies in [1, order - 1]. */
    private static boolean isScalar(byte[] bytes, int offset) {
        return !Input.isZero(bytes, offset, offset + 32) && Limbs.isBelow(bytes, offset, ORDER);
    }

    private static Secp256k1 library() {
        try {
            return Secp256k1.get();
        } catch (IllegalStateException | LinkageError e) {
            throw new LocalFaultException("cannot load the native library secp256k1", e);
        }
    }
}
