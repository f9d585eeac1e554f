package io.engram.p2p.mdl;

import io.engram.genesis.Hash;
import io.engram.p2p.mdl.MdlMessage.Attestations;
import io.engram.p2p.mdl.MdlMessage.Held;
import io.engram.p2p.mdl.MdlMessage.Request;
import io.engram.p2p.mdl.MdlMessage.Response;
import io.engram.p2p.mdl.MdlMessage.Suspensions;
import io.engram.p2p.peer.Peer;
import io.engram.p2p.peer.SubProtocol;
import io.engram.p2p.peer.WireException;
import io.engram.p2p.rlpx.Capability;
import io.engram.p2p.rlpx.DisconnectReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.tuweni.bytes.Bytes;

/**
 * The protocol on this node: exchanges Status, answers requests, passes on what peers tell, and says what this node holds. A
 * peer with other rules of inference is disconnected with {@link DisconnectReason#SUBPROTOCOL}. Thread-safe.
 */
public final class MdlProtocol implements SubProtocol {

    public static final Capability VERSION = new Capability("mdl", 1);

    private final MdlBackend backend;
    private final MdlListener listener;
    private final Map<Peer, Conversation> conversations = new ConcurrentHashMap<>();

    /** What is known of a connection. Only the peer's own thread changes it. */
    private static final class Conversation {
        private final MdlServer server;
        private volatile Optional<MdlPeer> ready = Optional.empty();

        private Conversation(MdlServer server) {
            this.server = server;
        }
    }

    public MdlProtocol(MdlBackend backend, MdlListener listener) {
        this.backend = backend;
        this.listener = listener;
    }

    @Override
    public Map<Capability, Integer> versions() {
        return Map.of(VERSION, MdlCodec.MESSAGES);
    }

    /** The peers whose Status was accepted. */
    public List<MdlPeer> peers() {
        return conversations.values().stream()
                .flatMap(conversation -> conversation.ready.stream())
                .toList();
    }

    @Override
    public void onConnected(Peer peer, Capability version) {
        Conversation conversation = new Conversation(new MdlServer(backend));
        conversations.put(peer, conversation);
        MdlStatus status =
                new MdlStatus(backend.inferenceConfigHash(), backend.held().activeRoot());
        peer.send(VERSION, MdlCodec.STATUS, MdlCodec.encodeStatus(status));
        CompletableFuture.delayedExecutor(MdlLimits.STATUS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (conversation.ready.isEmpty()) {
                        peer.disconnect(DisconnectReason.TIMEOUT);
                    }
                });
    }

    @Override
    public void onDisconnected(Peer peer, Capability version) {
        Optional.ofNullable(conversations.remove(peer))
                .flatMap(conversation -> conversation.ready)
                .ifPresent(gone -> {
                    gone.gone();
                    listener.onGone(gone);
                });
    }

    @Override
    public void onMessage(Peer peer, Capability version, int code, Bytes payload) throws WireException {
        Conversation conversation = Optional.ofNullable(conversations.get(peer)).orElseThrow();
        if (conversation.ready.isEmpty()) {
            if (code != MdlCodec.STATUS) {
                throw new WireException("message " + code + " before Status");
            }
            MdlPeer ready = new MdlPeer(peer, accepted(MdlCodec.decodeStatus(payload)));
            conversation.ready = Optional.of(ready);
            ready.send(new Held(backend.held()));
            listener.onReady(ready);
        } else if (code == MdlCodec.STATUS) {
            throw new WireException("a second Status");
        } else {
            handle(conversation.server, conversation.ready.get(), MdlCodec.decode(code, payload));
        }
    }

    private MdlStatus accepted(MdlStatus status) throws WireException {
        Hash own = backend.inferenceConfigHash();
        if (!status.inferenceConfigHash().equals(own)) {
            throw new WireException(
                    DisconnectReason.SUBPROTOCOL,
                    "the peer's rules of inference are " + status.inferenceConfigHash() + ", this node's are " + own);
        }
        return status;
    }

    private void handle(MdlServer server, MdlPeer peer, MdlMessage message) {
        switch (message) {
            case Request request -> peer.send(server.answer(request));
            case Response response -> peer.answered(response);
            case Held held -> {
                peer.holds(held.held());
                listener.onHeld(peer);
            }
            case Attestations attestations ->
                listener.onAttestations(peer, attestations.modelId(), attestations.signatures());
            case Suspensions said ->
                listener.onSuspensions(peer, said.modelId(), said.suspended(), said.nonce(), said.signatures());
        }
    }

    /** Tells every peer what this node holds now. */
    public void announceHeld() {
        Held held = new Held(backend.held());
        peers().forEach(peer -> peer.send(held));
    }
}
