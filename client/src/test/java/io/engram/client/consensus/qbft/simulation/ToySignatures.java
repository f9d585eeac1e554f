package io.engram.client.consensus.qbft.simulation;

import io.engram.client.consensus.BlockSigner;
import io.engram.client.consensus.Signatures;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Signature;
import java.util.Optional;

/**
 * Signatures that cost nothing: r names the signer, s depends on signer and digest. Nobody in the simulation makes one for
 * another.
 */
final class ToySignatures implements Signatures {

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    @Override
    public Optional<Address> signer(Hash digest, Signature signature) {
        Hash r = signature.r();
        Address signer = new Address((int) r.w0(), r.w1(), r.w2());
        return signature.equals(sign(digest, signer)) ? Optional.of(signer) : Optional.empty();
    }

    static BlockSigner signer(Address address) {
        return new BlockSigner() {
            @Override
            public Address address() {
                return address;
            }

            @Override
            public Signature sign(Hash digest) {
                return ToySignatures.sign(digest, address);
            }
        };
    }

    private static Signature sign(Hash digest, Address signer) {
        long key = (signer.lo() + 1) * GOLDEN;
        return new Signature(
                new Hash(signer.hi(), signer.mid(), signer.lo(), 0),
                new Hash(0, digest.w0() ^ key, digest.w1() ^ digest.w2() * key, digest.w3() + key),
                0);
    }
}
