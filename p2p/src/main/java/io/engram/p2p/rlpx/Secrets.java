package io.engram.p2p.rlpx;

import io.engram.genesis.Hash;
import org.bouncycastle.crypto.digests.KeccakDigest;

/**
 * What both sides of a session share after the key exchange.
 *
 * @param aes key of the frame cipher
 * @param mac key of the frame authentication
 * @param egress running hash over what this side sends
 * @param ingress running hash over what it receives
 */
record Secrets(Hash aes, Hash mac, KeccakDigest egress, KeccakDigest ingress) {

    static Secrets derive(
            Hash ephemeralKey, Hash initiatorNonce, Hash responderNonce, byte[] auth, byte[] ack, boolean initiator) {
        Hash shared = Handshake.keccak(ephemeralKey, Handshake.keccak(responderNonce, initiatorNonce));
        Hash aes = Handshake.keccak(ephemeralKey, shared);
        Hash mac = Handshake.keccak(ephemeralKey, aes);
        KeccakDigest fromInitiator = running(mac, responderNonce, auth);
        KeccakDigest fromResponder = running(mac, initiatorNonce, ack);
        return initiator
                ? new Secrets(aes, mac, fromInitiator, fromResponder)
                : new Secrets(aes, mac, fromResponder, fromInitiator);
    }

    private static KeccakDigest running(Hash mac, Hash nonce, byte[] packet) {
        byte[] seed = new Hash(
                        mac.w0() ^ nonce.w0(), mac.w1() ^ nonce.w1(), mac.w2() ^ nonce.w2(), mac.w3() ^ nonce.w3())
                .toArray();
        KeccakDigest digest = new KeccakDigest(256);
        digest.update(seed, 0, seed.length);
        digest.update(packet, 0, packet.length);
        return digest;
    }
}
