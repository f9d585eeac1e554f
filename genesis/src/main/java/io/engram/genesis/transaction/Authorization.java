package io.engram.genesis.transaction;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.rlp.RlpWriter;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * One entry of a set-code transaction's authorization list (EIP-7702). The signature is kept as its raw fields, since an
 * entry with an impossible signature is skipped and does not make the transaction invalid.
 *
 * @param chainId 0 for any chain
 * @param nonce unsigned 64-bit
 * @param yParity 0 to 255 as encoded
 */
public record Authorization(UInt256 chainId, Address address, long nonce, int yParity, Hash r, Hash s) {

    private static final Bytes MAGIC = Bytes.of(0x05);

    public static Authorization sign(UInt256 chainId, Address address, long nonce, KeyPair keys) {
        Signature signature = Secp256k1.sign(signingHash(chainId, address, nonce), keys);
        return new Authorization(chainId, address, nonce, signature.yParity(), signature.r(), signature.s());
    }

    /** The account that delegates; empty when the signature is impossible or has high s, which EIP-7702 excludes. */
    public Optional<Address> authority() {
        if (yParity > 1) {
            return Optional.empty();
        }
        Signature signature = new Signature(r, s, yParity);
        return Secp256k1.isLowS(signature)
                ? Secp256k1.recoverAddress(signingHash(chainId, address, nonce), signature)
                : Optional.empty();
    }

    private static Hash signingHash(UInt256 chainId, Address address, long nonce) {
        return Keccak256.hash(Bytes.concatenate(MAGIC, RlpWriter.list(out -> {
            out.scalar(chainId);
            out.address(address);
            out.scalar(nonce);
        })));
    }
}
