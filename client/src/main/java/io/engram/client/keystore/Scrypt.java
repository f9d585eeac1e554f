package io.engram.client.keystore;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.Salsa20Engine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * scrypt (RFC 7914). The library's own function refuses n of 2^16 and more with a block size of 1, as the RFC says, but
 * such key files exist; its parts are used here.
 */
final class Scrypt {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** Ints of a Salsa20 block. */
    private static final int SALSA = 16;

    private static final int SALSA_ROUNDS = 8;

    private final int[] table;
    private final int[] block;
    private final int[] mixed;
    private final int[] last = new int[SALSA];
    private final int[] core = new int[SALSA];

    private Scrypt(int n, int r) {
        int size = 2 * r * SALSA;
        table = new int[Math.multiplyExact(n, size)];
        block = new int[size];
        mixed = new int[size];
    }

    /**
     * @param n cost, a power of two
     * @param r block size
     * @param p parallel runs, made here one after another
     */
    static byte[] generate(byte[] password, byte[] salt, int n, int r, int p, int length) {
        int blockBytes = 128 * r;
        byte[] blocks = pbkdf2(password, salt, p * blockBytes);
        Scrypt scrypt = new Scrypt(n, r);
        for (int i = 0; i < p; i++) {
            scrypt.mix(blocks, i * blockBytes, n);
        }
        return pbkdf2(password, blocks, length);
    }

    private static byte[] pbkdf2(byte[] password, byte[] salt, int length) {
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
        generator.init(password, salt, 1);
        return ((KeyParameter) generator.generateDerivedMacParameters(8 * length)).getKey();
    }

    /** scryptROMix, section 5. */
    private void mix(byte[] bytes, int offset, int n) {
        int size = block.length;
        for (int i = 0; i < size; i++) {
            block[i] = (int) INTS.get(bytes, offset + 4 * i);
        }
        for (int i = 0; i < n; i++) {
            System.arraycopy(block, 0, table, i * size, size);
            mixBlock();
        }
        for (int i = 0; i < n; i++) {
            int from = (block[size - SALSA] & (n - 1)) * size;
            for (int j = 0; j < size; j++) {
                block[j] ^= table[from + j];
            }
            mixBlock();
        }
        for (int i = 0; i < size; i++) {
            INTS.set(bytes, offset + 4 * i, block[i]);
        }
    }

    /** scryptBlockMix, section 4. */
    private void mixBlock() {
        int size = block.length;
        System.arraycopy(block, size - SALSA, last, 0, SALSA);
        for (int at = 0; at < size; at += SALSA) {
            for (int j = 0; j < SALSA; j++) {
                last[j] ^= block[at + j];
            }
            Salsa20Engine.salsaCore(SALSA_ROUNDS, last, core);
            System.arraycopy(core, 0, last, 0, SALSA);
            // Even ones to the front half, odd ones to the back half.
            int to = (at / SALSA % 2) * (size / 2) + at / (2 * SALSA) * SALSA;
            System.arraycopy(last, 0, mixed, to, SALSA);
        }
        System.arraycopy(mixed, 0, block, 0, size);
    }
}
