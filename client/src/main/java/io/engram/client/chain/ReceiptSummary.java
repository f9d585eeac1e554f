package io.engram.client.chain;

import io.engram.client.trie.OrderedTrie;
import io.engram.genesis.Hash;
import io.engram.genesis.block.LogsBloom;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.block.ReceiptCodec;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;

/**
 * What a header commits to of its block's receipts.
 *
 * @param root of the receipts trie
 * @param bloom of all logs
 */
record ReceiptSummary(Hash root, Bytes bloom) {

    /** Uses all cores: blooms and encodings are independent of each other. */
    static ReceiptSummary of(List<Receipt> receipts) {
        List<Bytes> blooms = LogsBloom.ofEach(receipts);
        List<Bytes> encoded = IntStream.range(0, receipts.size())
                .parallel()
                .mapToObj(i -> ReceiptCodec.encode(receipts.get(i), blooms.get(i)))
                .toList();
        return new ReceiptSummary(OrderedTrie.root(encoded), LogsBloom.union(blooms));
    }
}
