package io.engram.evm.interpreter;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;

/** The addresses of new contracts. */
public final class ContractAddress {

    private ContractAddress() {}

    /** For CREATE and creating transactions: from the hash of the RLP of creator and its nonce before the creation. */
    public static Address of(Address creator, long nonce) {
        int nonceBytes = (64 - Long.numberOfLeadingZeros(nonce) + 7) >>> 3;
        boolean single = nonceBytes == 0 || (nonceBytes == 1 && nonce < 0x80);
        int payload = 21 + (single ? 1 : 1 + nonceBytes);
        byte[] rlp = new byte[1 + payload];
        rlp[0] = (byte) (0xc0 + payload);
        rlp[1] = (byte) 0x94;
        creator.write(rlp, 2);
        if (single) {
            rlp[22] = nonce == 0 ? (byte) 0x80 : (byte) nonce;
        } else {
            rlp[22] = (byte) (0x80 + nonceBytes);
            for (int i = 0; i < nonceBytes; i++) {
                rlp[23 + i] = (byte) (nonce >>> (8 * (nonceBytes - 1 - i)));
            }
        }
        return last20(Keccak256.hash(rlp));
    }

    /** For CREATE2 (EIP-1014). */
    public static Address of(Address creator, Hash salt, Hash initCodeHash) {
        byte[] preimage = new byte[85];
        preimage[0] = (byte) 0xff;
        creator.write(preimage, 1);
        salt.write(preimage, 21);
        initCodeHash.write(preimage, 53);
        return last20(Keccak256.hash(preimage));
    }

    private static Address last20(Hash hash) {
        return Address.ofWord(hash.w1(), hash.w2(), hash.w3());
    }
}
