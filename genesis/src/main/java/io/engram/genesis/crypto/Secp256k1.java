package io.engram.genesis.crypto;

import fr.acinq.secp256k1.Secp256k1Exception;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/**
 * ECDSA over secp256k1 by libsecp256k1. Public keys are 64 bytes, x ‖ y. Stateless and thread-safe.
 *
 * <p>Source: SEC 1, version 2; SEC 2, version 2.
 */
public final class Secp256k1 {

    public static final int PUBLIC_KEY_SIZE = 64;

    /** The order of the group. */
    public static final BigInteger ORDER =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

    private static final Hash ORDER_WORD =
            Hash.fromHex("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    private static final Hash HALF_ORDER =
            Hash.fromHex("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

    private Secp256k1() {}

    /** Loads the native library on first use, and keeps the reason when that fails. */
    private static final class Library {

        private static final fr.acinq.secp256k1.Secp256k1 INSTANCE = load();

        private static fr.acinq.secp256k1.Secp256k1 load() {
            try {
                return fr.acinq.secp256k1.Secp256k1.get();
            } catch (IllegalStateException | LinkageError e) {
                throw new IllegalStateException(
                        "libsecp256k1 does not load on " + System.getProperty("os.name") + "/"
                                + System.getProperty("os.arch") + "; it needs a writable java.io.tmpdir ("
                                + System.getProperty("java.io.tmpdir") + ") and a platform it is built for",
                        e);
            }
        }
    }

    private static fr.acinq.secp256k1.Secp256k1 library() {
        return Library.INSTANCE;
    }

    /** Whether the value lies in 1 … order − 1, as r, s and private keys must. */
    public static boolean isScalar(Hash value) {
        return !value.isZero() && value.compareTo(ORDER_WORD) < 0;
    }

    /** The rule of EIP-2 for transaction signatures: s in the lower half of the range. */
    public static boolean isLowS(Signature signature) {
        return signature.s().compareTo(HALF_ORDER) <= 0;
    }

    /** The key that made the signature; empty when none could have. High s is accepted. */
    public static Optional<byte[]> recoverPublicKey(Hash digest, Signature signature) {
        if (!isScalar(signature.r()) || !isScalar(signature.s())) {
            return Optional.empty();
        }
        try {
            byte[] key = library().ecdsaRecover(compact(signature), digest.toArray(), signature.yParity());
            return Optional.of(Arrays.copyOfRange(key, 1, key.length));
        } catch (Secp256k1Exception e) {
            return Optional.empty();
        }
    }

    public static Optional<Address> recoverAddress(Hash digest, Signature signature) {
        return recoverPublicKey(digest, signature).map(Address::ofPublicKey);
    }

    /** A deterministic (RFC 6979) signature with low s. */
    public static Signature sign(Hash digest, KeyPair keys) {
        byte[] compact = library().sign(digest.toArray(), keys.privateKey().toArray(), null);
        Hash r = Hash.read(compact, 0);
        Hash s = Hash.read(compact, Hash.SIZE);
        Signature even = new Signature(r, s, 0);
        boolean isEven = recoverPublicKey(digest, even)
                .filter(key -> Arrays.equals(key, keys.publicKey()))
                .isPresent();
        return isEven ? even : new Signature(r, s, 1);
    }

    /** Whether the holder of {@code publicKey} signed; the recovery bit is not looked at, high s is accepted. */
    public static boolean verify(Hash digest, Signature signature, byte[] publicKey) {
        if (!isScalar(signature.r()) || !isScalar(signature.s())) {
            return false;
        }
        Signature low = isLowS(signature) ? signature : negated(signature);
        try {
            return library().verify(compact(low), digest.toArray(), uncompressed(publicKey));
        } catch (Secp256k1Exception e) {
            return false;
        }
    }

    /** @throws IllegalArgumentException unless the key is a scalar of the group */
    public static byte[] publicKey(Hash privateKey) {
        if (!isScalar(privateKey)) {
            throw new IllegalArgumentException("a private key lies between 1 and the order of secp256k1");
        }
        return Arrays.copyOfRange(library().pubkeyCreate(privateKey.toArray()), 1, 1 + PUBLIC_KEY_SIZE);
    }

    /**
     * The x coordinate of the point that both sides of a key agreement arrive at (ECDH, as RLPx uses it); empty when
     * {@code publicKey} is no point of the curve.
     */
    public static Optional<Hash> agree(KeyPair keys, byte[] publicKey) {
        try {
            byte[] point = library()
                    .pubKeyTweakMul(uncompressed(publicKey), keys.privateKey().toArray());
            return Optional.of(Hash.read(point, 1));
        } catch (Secp256k1Exception e) {
            return Optional.empty();
        }
    }

    private static Signature negated(Signature signature) {
        BigInteger s = ORDER.subtract(signature.s().toBytes().toUnsignedBigInteger());
        byte[] word = new byte[Hash.SIZE];
        byte[] bytes = s.toByteArray();
        int size = Math.min(bytes.length, Hash.SIZE);
        System.arraycopy(bytes, bytes.length - size, word, Hash.SIZE - size, size);
        return new Signature(signature.r(), Hash.of(word), 1 - signature.yParity());
    }

    private static byte[] compact(Signature signature) {
        byte[] bytes = new byte[2 * Hash.SIZE];
        signature.r().write(bytes, 0);
        signature.s().write(bytes, Hash.SIZE);
        return bytes;
    }

    private static byte[] uncompressed(byte[] publicKey) {
        if (publicKey.length != PUBLIC_KEY_SIZE) {
            throw new IllegalArgumentException("a public key has 64 bytes, not " + publicKey.length);
        }
        byte[] prefixed = new byte[1 + PUBLIC_KEY_SIZE];
        prefixed[0] = 4;
        System.arraycopy(publicKey, 0, prefixed, 1, PUBLIC_KEY_SIZE);
        return prefixed;
    }
}
