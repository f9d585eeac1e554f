package io.engram.p2p.rlpx;

import java.net.InetAddress;
import org.apache.tuweni.bytes.Bytes;

/** What a session tells its owner, on the session's event loop: answer quickly or hand over. */
public interface SessionListener {

    /** Whether to talk to a stranger at this address at all. */
    default boolean onAccept(InetAddress address) {
        return true;
    }

    /** Both Hellos are exchanged and at least one capability is shared. */
    void onOpen(Session session);

    /** A message of a shared capability, decompressed. */
    void onMessage(Session session, Capability capability, int code, Bytes payload);

    /** The session is over; called once for every session that opened. */
    void onClose(Session session, DisconnectReason reason);
}
