package io.engram.p2p.mdl;

import io.engram.genesis.Hash;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * What peers tell unasked; only its form is checked. Calls for one peer come one after another, on a virtual thread, and may
 * block; meanwhile no message of that peer is handled, answers to requests included.
 */
public interface MdlListener {
    /** The peer has the same rules of inference; requests may be made from now on. */
    void onReady(MdlPeer peer);

    /** The peer is gone; called once for each {@link #onReady}. */
    void onGone(MdlPeer peer);

    /** The peer holds other models than before; see {@link MdlPeer#held}. */
    void onHeld(MdlPeer peer);

    /** @param signatures 65 bytes each, of whom and of what terms is not known yet */
    void onAttestations(MdlPeer peer, Hash modelId, List<Bytes> signatures);

    /**
     * @param suspended whether the model is to stop, or to go on
     * @param nonce which change of the model this is
     * @param signatures 65 bytes each, of whom is not known yet
     */
    void onSuspensions(MdlPeer peer, Hash modelId, boolean suspended, long nonce, List<Bytes> signatures);
}
