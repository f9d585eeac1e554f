package io.engram.client.chain;

import io.engram.genesis.rlp.RlpException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Takes one RLP list after another from a stream without reading further than the list. Not thread-safe. */
final class BlockStream {

    /** Longest block that is read; the longest valid ones have a quarter of it (EIP-7934). */
    static final int MAX_BLOCK_BYTES = 1 << 25;

    private final InputStream in;

    BlockStream(InputStream in) {
        this.in = in;
    }

    /**
     * The next list with its prefix; empty at the end of the stream.
     *
     * @throws RlpException when what follows is not a list of allowed length, or is cut short
     */
    Optional<Bytes> next() throws IOException, RlpException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        if (first < 0xc0) {
            throw new RlpException("a block starts with a list prefix, not with 0x" + Integer.toHexString(first));
        }
        int lengthBytes = Math.max(0, first - 0xf7);
        byte[] prefix = new byte[1 + lengthBytes];
        prefix[0] = (byte) first;
        long length = lengthBytes == 0 ? first - 0xc0 : 0;
        if (in.readNBytes(prefix, 1, lengthBytes) < lengthBytes) {
            throw new RlpException("the last block is cut short");
        }
        for (int i = 1; i <= lengthBytes; i++) {
            if (length > MAX_BLOCK_BYTES) {
                break;
            }
            length = length << 8 | (prefix[i] & 0xff);
        }
        if (length > MAX_BLOCK_BYTES) {
            throw new RlpException("a block of more than " + MAX_BLOCK_BYTES + " bytes");
        }
        return Optional.of(Bytes.wrap(Bytes.wrap(prefix), Bytes.wrap(payload((int) length))));
    }

    private byte[] payload(int length) throws IOException, RlpException {
        byte[] payload;
        try {
            payload = in.readNBytes(length);
        } catch (EOFException e) {
            throw new RlpException("the last block is cut short");
        }
        if (payload.length < length) {
            throw new RlpException("the last block is cut short");
        }
        return payload;
    }
}
