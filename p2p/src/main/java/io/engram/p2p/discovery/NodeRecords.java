package io.engram.p2p.discovery;

import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.rlp.RlpException;
import io.engram.p2p.eth.ForkId;
import io.engram.p2p.peer.EnodeUrl;
import io.engram.p2p.peer.NodeId;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt64;
import org.ethereum.beacon.discovery.crypto.DefaultSigner;
import org.ethereum.beacon.discovery.crypto.Signer;
import org.ethereum.beacon.discovery.schema.EnrField;
import org.ethereum.beacon.discovery.schema.NodeRecord;
import org.ethereum.beacon.discovery.schema.NodeRecordBuilder;
import org.ethereum.beacon.discovery.schema.NodeRecordFactory;
import org.ethereum.beacon.discovery.util.Functions;

/** Node records (EIP-778) with the {@code eth} entry of EIP-2124. */
public final class NodeRecords {

    /** Name of the entry that holds the fork id. */
    static final String ETH = "eth";

    private NodeRecords() {}

    /** This node's record, signed. */
    public static NodeRecord local(
            KeyPair node, String address, int udpPort, int tcpPort, ForkId forkId, long sequence) {
        return new NodeRecordBuilder()
                .signer(signer(node))
                .seq(UInt64.valueOf(sequence))
                .address(address, udpPort, tcpPort)
                .customField(ETH, forkId.toRecordEntry())
                .build();
    }

    static Signer signer(KeyPair node) {
        return new DefaultSigner(Functions.createSecretKey(node.privateKey().toBytes()));
    }

    /** Reads a record; empty unless it is well-formed and its signature holds. */
    public static Optional<NodeRecord> decode(Bytes encoded) {
        try {
            NodeRecord record = NodeRecordFactory.DEFAULT.fromBytes(encoded);
            return record.isValid() ? Optional.of(record) : Optional.empty();
        } catch (RuntimeException e) {
            // The library reports malformed records by unchecked errors of several kinds.
            return Optional.empty();
        }
    }

    /** The fork id that a record names. */
    public static Optional<ForkId> forkId(NodeRecord record) {
        return record.get(ETH) instanceof Bytes entry ? parsed(entry) : Optional.empty();
    }

    private static Optional<ForkId> parsed(Bytes entry) {
        try {
            return Optional.of(ForkId.ofRecordEntry(entry));
        } catch (RlpException e) {
            return Optional.empty();
        }
    }

    /** Where the record's node takes RLPx connections; empty when it does not say. */
    public static Optional<EnodeUrl> enode(NodeRecord record) {
        Optional<InetSocketAddress> tcp = record.getTcpAddress().or(record::getTcp6Address);
        int udp = record.getUdpAddress()
                .or(record::getUdp6Address)
                .map(InetSocketAddress::getPort)
                .orElse(0);
        return record.get(EnrField.PKEY_SECP256K1) instanceof Bytes key && key.size() == 33
                ? tcp.map(address -> new EnodeUrl(
                        new NodeId(Functions.derivePublicKeyFromCompressed(key).bytes()),
                        address.getAddress().getHostAddress(),
                        address.getPort(),
                        udp))
                : Optional.empty();
    }
}
