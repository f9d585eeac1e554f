package io.engram.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpItem;
import org.apache.tuweni.bytes.Bytes;

/** Bytes from strangers as RLP, and as a block: they encode to themselves or end in the one checked error. */
class RlpFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void items_and_blocks_come_back_as_they_were(byte[] input) {
        Bytes bytes = Bytes.wrap(input);
        try {
            assertThat(RlpItem.decode(bytes).encode()).isEqualTo(bytes);
        } catch (RlpException refused) {
            assertThat(refused).hasMessageMatching(".+");
        }
        try {
            Block block = BlockCodec.decode(bytes);
            assertThat(BlockCodec.encode(block)).isEqualTo(bytes);
        } catch (RlpException refused) {
            assertThat(refused).hasMessageMatching(".+");
        }
    }
}
