package io.engram.p2p.discovery.v4;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.p2p.peer.NodeId;
import io.engram.p2p.peer.WireException;
import java.util.Arrays;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;

/**
 * Datagrams: {@code keccak(rest) ‖ signature(65) ‖ type ‖ list}. Further list elements and bytes after the list are ignored, as
 * EIP-8 wants. Decoding ends in a packet or in a {@link WireException}.
 */
final class PacketCodec {

    static final int MAX_SIZE = 1_280;

    private static final int VERSION = 4;
    private static final int HASH_END = Hash.SIZE;
    private static final int SIGNATURE_END = HASH_END + 65;
    private static final int HEADER_SIZE = SIGNATURE_END + 1;

    /** Nodes that fit a datagram whatever their addresses. */
    static final int MAX_NEIGHBORS = 12;

    private static final int PING = 1;
    private static final int PONG = 2;
    private static final int FIND_NODE = 3;
    private static final int NEIGHBORS = 4;
    private static final int ENR_REQUEST = 5;
    private static final int ENR_RESPONSE = 6;

    private PacketCodec() {}

    /** A datagram and the hash by which an answer refers to it. */
    record Encoded(Hash hash, byte[] datagram) {}

    /** A datagram whose signature held. */
    record Received(NodeId sender, Hash hash, Packet packet) {}

    static Encoded encode(KeyPair node, Packet packet) {
        Bytes content = switch (packet) {
            case Packet.Ping ping ->
                content(PING, RlpWriter.list(out -> {
                    out.scalar(VERSION);
                    ping.from().writeTo(out);
                    ping.to().writeTo(out);
                    out.scalar(ping.expiration());
                    ping.recordSequence().ifPresent(out::scalar);
                }));
            case Packet.Pong pong ->
                content(PONG, RlpWriter.list(out -> {
                    pong.to().writeTo(out);
                    out.hash(pong.pingHash());
                    out.scalar(pong.expiration());
                    pong.recordSequence().ifPresent(out::scalar);
                }));
            case Packet.FindNode find ->
                content(FIND_NODE, RlpWriter.list(out -> {
                    out.bytes(find.target());
                    out.scalar(find.expiration());
                }));
            case Packet.Neighbors neighbors ->
                content(NEIGHBORS, RlpWriter.list(out -> {
                    out.nested(
                            neighbors.nodes(),
                            (list, neighbor) -> list.nested(fields -> {
                                neighbor.endpoint().writeFields(fields);
                                fields.bytes(neighbor.id().publicKey());
                            }));
                    out.scalar(neighbors.expiration());
                }));
            case Packet.EnrRequest request ->
                content(ENR_REQUEST, RlpWriter.list(out -> out.scalar(request.expiration())));
            case Packet.EnrResponse response ->
                content(ENR_RESPONSE, RlpWriter.list(out -> {
                    out.hash(response.requestHash());
                    out.raw(response.record());
                }));
        };
        Signature signature = Secp256k1.sign(Keccak256.hash(content), node);
        byte[] datagram = new byte[SIGNATURE_END + content.size()];
        signature.r().write(datagram, HASH_END);
        signature.s().write(datagram, HASH_END + Hash.SIZE);
        datagram[SIGNATURE_END - 1] = (byte) signature.yParity();
        System.arraycopy(content.toArrayUnsafe(), 0, datagram, SIGNATURE_END, content.size());
        Hash hash = Keccak256.hash(datagram, HASH_END, datagram.length - HASH_END);
        hash.write(datagram, 0);
        return new Encoded(hash, datagram);
    }

    private static Bytes content(int type, Bytes list) {
        return Bytes.wrap(Bytes.concatenate(Bytes.of(type), list).toArrayUnsafe());
    }

    static Received decode(byte[] datagram) throws WireException {
        if (datagram.length <= HEADER_SIZE || datagram.length > MAX_SIZE) {
            throw new WireException("datagram of " + datagram.length + " bytes");
        }
        Hash hash = Keccak256.hash(datagram, HASH_END, datagram.length - HASH_END);
        if (!hash.equals(Hash.read(datagram, 0))) {
            throw new WireException("a datagram that is not what its hash says");
        }
        int parity = datagram[SIGNATURE_END - 1];
        if (parity < 0 || parity > 1) {
            throw new WireException("impossible recovery bit");
        }
        Signature signature =
                new Signature(Hash.read(datagram, HASH_END), Hash.read(datagram, HASH_END + Hash.SIZE), parity);
        Hash signed = Keccak256.hash(datagram, SIGNATURE_END, datagram.length - SIGNATURE_END);
        byte[] key = Secp256k1.recoverPublicKey(signed, signature)
                .orElseThrow(() -> new WireException("a signature of no key"));
        try {
            RlpReader in = RlpReader.of(Bytes.wrap(Arrays.copyOfRange(datagram, HEADER_SIZE, datagram.length)))
                    .readList();
            return new Received(new NodeId(Bytes.wrap(key)), hash, read(datagram[SIGNATURE_END], in));
        } catch (RlpException e) {
            throw new WireException(e);
        }
    }

    private static Packet read(int type, RlpReader in) throws RlpException, WireException {
        return switch (type) {
            case PING -> {
                in.skip();
                yield new Packet.Ping(
                        Endpoint.readFrom(in), Endpoint.readFrom(in), in.readUnsignedLong(), sequence(in));
            }
            case PONG -> new Packet.Pong(Endpoint.readFrom(in), in.readHash(), in.readUnsignedLong(), sequence(in));
            case FIND_NODE -> new Packet.FindNode(in.readBytes(Secp256k1.PUBLIC_KEY_SIZE), in.readUnsignedLong());
            case NEIGHBORS ->
                new Packet.Neighbors(
                        in.readList(NodeTable.BUCKET_SIZE, PacketCodec::readNeighbor), in.readUnsignedLong());
            case ENR_REQUEST -> new Packet.EnrRequest(in.readUnsignedLong());
            case ENR_RESPONSE -> new Packet.EnrResponse(in.readHash(), in.readRaw());
            default -> throw new WireException("unknown packet type " + type);
        };
    }

    /** The sequence number of EIP-868, where the next element is one; EIP-8 allows anything there. */
    private static OptionalLong sequence(RlpReader in) {
        try {
            return in.hasNext() && !in.nextIsList() ? OptionalLong.of(in.readUnsignedLong()) : OptionalLong.empty();
        } catch (RlpException e) {
            return OptionalLong.empty();
        }
    }

    private static Packet.Neighbor readNeighbor(RlpReader in) throws RlpException {
        RlpReader fields = in.readList();
        Endpoint endpoint = Endpoint.readFields(fields);
        return new Packet.Neighbor(
                new NodeId(fields.readBytes(Secp256k1.PUBLIC_KEY_SIZE).copy()), endpoint);
    }
}
