package io.engram.p2p.rlpx;

import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * The first message of a session: who this is and what it speaks.
 *
 * @param version of the base protocol; 5 and later compress messages with Snappy
 * @param listenPort TCP, 0 when not listening
 * @param nodeId public key, 64 bytes
 */
public record Hello(int version, String clientId, List<Capability> capabilities, int listenPort, Bytes nodeId) {

    public static final int VERSION = 5;

    /** Message code of the base protocol. */
    static final int CODE = 0x00;

    public Hello {
        capabilities = List.copyOf(capabilities);
    }

    Bytes encode() {
        return RlpWriter.list(hello -> {
            hello.scalar(version);
            hello.bytes(Bytes.wrap(clientId.getBytes(StandardCharsets.UTF_8)));
            hello.nested(
                    capabilities,
                    (list, capability) -> list.nested(item -> {
                        item.bytes(Bytes.wrap(capability.name().getBytes(StandardCharsets.US_ASCII)));
                        item.scalar(capability.version());
                    }));
            hello.scalar(listenPort);
            hello.bytes(nodeId);
        });
    }

    /** Further list elements are ignored, as EIP-8 wants. */
    static Hello decode(Bytes payload) throws RlpxException {
        if (payload.size() > RlpxLimits.HELLO_BYTES) {
            throw new RlpxException("Hello of " + payload.size() + " bytes");
        }
        try {
            RlpReader fields = RlpReader.of(payload).readList();
            int version = fields.readInt();
            String clientId = new String(fields.readBytes().toArray(), StandardCharsets.UTF_8);
            RlpReader offered = fields.readList();
            List<Capability> capabilities = new ArrayList<>();
            while (offered.hasNext() && capabilities.size() < RlpxLimits.CAPABILITIES) {
                RlpReader item = offered.readList();
                capabilities.add(new Capability(
                        new String(item.readBytes().toArray(), StandardCharsets.US_ASCII), item.readInt()));
            }
            int port = fields.readInt();
            Bytes nodeId = fields.readBytes(Secp256k1.PUBLIC_KEY_SIZE);
            return new Hello(version, clientId, capabilities, port, nodeId.copy());
        } catch (RlpException e) {
            throw new RlpxException("malformed Hello", e);
        }
    }
}
