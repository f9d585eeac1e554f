package io.engram.p2p.discovery.v4;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import io.engram.p2p.discovery.NodeRecords;
import io.engram.p2p.peer.WireException;
import org.apache.tuweni.bytes.Bytes;

/**
 * Bytes as datagrams of discovery v4, as they are and signed as anybody can, and as node records: they are read, or end in the one
 * checked error.
 */
class DiscoveryFuzzTest {

    private static final KeyPair NODE = KeyPair.of(new Hash(0, 0, 0, 7));
    private static final int SIGNATURE_BYTES = 65;

    @FuzzTest(maxDuration = "2m")
    void datagrams_are_read_or_refused(byte[] input) {
        decode(input);
        decode(signed(input));
        NodeRecords.decode(Bytes.wrap(input))
                .ifPresent(record -> assertThat(NodeRecords.enode(record)).isNotNull());
    }

    private static void decode(byte[] datagram) {
        try {
            PacketCodec.Received received = PacketCodec.decode(datagram);
            if (received.packet() instanceof Packet.Neighbors neighbors) {
                assertThat(neighbors.nodes()).hasSizeLessThanOrEqualTo(NodeTable.BUCKET_SIZE);
            }
        } catch (WireException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
    }

    private static byte[] signed(byte[] content) {
        byte[] datagram = new byte[Hash.SIZE + SIGNATURE_BYTES + content.length];
        Signature signature = Secp256k1.sign(Keccak256.hash(Bytes.wrap(content)), NODE);
        signature.r().write(datagram, Hash.SIZE);
        signature.s().write(datagram, 2 * Hash.SIZE);
        datagram[Hash.SIZE + SIGNATURE_BYTES - 1] = (byte) signature.yParity();
        System.arraycopy(content, 0, datagram, Hash.SIZE + SIGNATURE_BYTES, content.length);
        Keccak256.hash(datagram, Hash.SIZE, datagram.length - Hash.SIZE).write(datagram, 0);
        return datagram;
    }
}
