package io.engram.p2p.discovery.v4;

import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.apache.tuweni.bytes.Bytes;

/**
 * Where a node is reached.
 *
 * @param tcpPort 0 when unknown
 */
record Endpoint(InetAddress address, int udpPort, int tcpPort) {

    private static final int MAX_PORT = 65_535;

    InetSocketAddress udp() {
        return new InetSocketAddress(address, udpPort);
    }

    void writeFields(RlpWriter out) {
        out.bytes(Bytes.wrap(address.getAddress()));
        out.scalar(udpPort);
        out.scalar(tcpPort);
    }

    void writeTo(RlpWriter out) {
        out.nested(this::writeFields);
    }

    static Endpoint readFields(RlpReader in) throws RlpException {
        try {
            InetAddress address = InetAddress.getByAddress(in.readBytes().toArray());
            int udp = in.readInt();
            int tcp = in.hasNext() ? in.readInt() : 0;
            if (udp > MAX_PORT || tcp > MAX_PORT) {
                throw new RlpException("a port beyond " + MAX_PORT);
            }
            return new Endpoint(address, udp, tcp);
        } catch (UnknownHostException e) {
            throw new RlpException("an address of neither 4 nor 16 bytes");
        }
    }

    static Endpoint readFrom(RlpReader in) throws RlpException {
        return readFields(in.readList());
    }
}
