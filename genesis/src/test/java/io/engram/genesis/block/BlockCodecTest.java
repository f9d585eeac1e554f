package io.engram.genesis.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Corpora;
import io.engram.genesis.Hash;
import io.engram.genesis.Seeded;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.transaction.RandomTransactions;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class BlockCodecTest {

    @Test
    void theMainNetworksGenesisHeaderHasItsKnownHash() {
        assertThat(HeaderHasher.KECCAK.hash(MainnetGenesis.HEADER)).isEqualTo(MainnetGenesis.HASH);
    }

    @Test
    void blocksOfEveryForkComeBack() {
        Seeded.forSeeds(300, random -> {
            Block block = block(random);
            assertThat(BlockCodec.decode(BlockCodec.encode(block))).isEqualTo(block);
            assertThat(BlockCodec.decodeBody(BlockCodec.encodeBody(block.body())))
                    .isEqualTo(block.body());
        });
    }

    @Test
    void mutatedBlocksAreRefusedOrEncodeToThemselves() {
        Seeded.forSeeds(3_000, random -> {
            Bytes mutated = Seeded.mutate(random, BlockCodec.encode(block(random)));
            try {
                assertThat(BlockCodec.encode(BlockCodec.decode(mutated))).isEqualTo(mutated);
            } catch (RlpException e) {
                assertThat(e).hasMessageMatching(".+");
            }
        });
    }

    @Test
    void aHeaderWithAFieldTooManyIsRefused() {
        BlockHeader full = header(new Random(1), 6);
        Bytes encoded = BlockCodec.encodeHeader(full);
        Bytes fields = encoded.slice(3);
        Bytes longer = Bytes.concatenate(
                Bytes.of(0xf9, (fields.size() + 1) >> 8, (fields.size() + 1) & 0xff), fields, Bytes.of(0x80));
        assertThatThrownBy(() -> BlockCodec.decodeHeader(longer))
                .isInstanceOf(RlpException.class)
                .hasMessageContaining("too many");
    }

    @Test
    void theOmmersHashOfNoneIsTheWellKnownOne() {
        assertThat(Keccak256.hash(BlockCodec.encodeOmmers(List.of()))).isEqualTo(Hash.EMPTY_LIST);
    }

    @Test
    void aChainFromFrontierToBpo2ComesBackToTheByteAndItsHashesLink() throws Exception {
        Bytes file = Bytes.wrap(Files.readAllBytes(Corpora.require("rpc-compat/tests/chain.rlp")));
        RlpReader blocks = RlpReader.of(file);
        RlpReader raw = RlpReader.of(file);
        Optional<Hash> parent = Optional.empty();
        int count = 0;
        Set<TransactionType> types = EnumSet.noneOf(TransactionType.class);
        while (blocks.hasNext()) {
            Block block = BlockCodec.readFrom(blocks);
            assertThat(BlockCodec.encode(block)).isEqualTo(raw.readRaw());
            parent.ifPresent(hash -> assertThat(block.header().parentHash()).isEqualTo(hash));
            assertThat(Keccak256.hash(BlockCodec.encodeOmmers(block.body().ommers())))
                    .isEqualTo(block.header().ommersHash());
            for (Transaction transaction : block.body().transactions()) {
                assertThat(transaction.sender()).isPresent();
                types.add(transaction.type());
            }
            parent = Optional.of(HeaderHasher.KECCAK.hash(block.header()));
            count++;
        }
        assertThat(count).isEqualTo(54);
        assertThat(types).containsExactlyInAnyOrder(TransactionType.values());
    }

    static Block block(Random random) {
        Optional<List<Withdrawal>> withdrawals = random.nextBoolean()
                ? Optional.of(RandomTransactions.list(
                        random, 3, r -> new Withdrawal(r.nextLong(), r.nextLong(), Seeded.address(r), r.nextLong())))
                : Optional.empty();
        return new Block(
                header(random, random.nextInt(7)),
                new BlockBody(
                        RandomTransactions.list(random, 4, RandomTransactions::any),
                        RandomTransactions.list(random, 3, r -> header(r, r.nextInt(7))),
                        withdrawals));
    }

    /** A header with the first {@code optional} of the fields that forks added. */
    static BlockHeader header(Random random, int optional) {
        return new BlockHeader(
                Seeded.hash(random),
                Seeded.hash(random),
                Seeded.address(random),
                Seeded.hash(random),
                Seeded.hash(random),
                Seeded.hash(random),
                Seeded.bytes(random, BlockHeader.BLOOM_SIZE),
                UInt256.fromBytes(Seeded.bytes(random, random.nextInt(33))),
                random.nextLong() >>> 1,
                random.nextLong() >>> 1,
                random.nextLong() >>> 1,
                random.nextLong(),
                Seeded.bytes(random, random.nextInt(33)),
                Seeded.hash(random),
                Seeded.bytes(random, BlockHeader.NONCE_SIZE),
                optional > 0 ? Optional.of(Wei.of(random.nextInt(1 << 30))) : Optional.empty(),
                optional > 1 ? Optional.of(Seeded.hash(random)) : Optional.empty(),
                optional > 2 ? Optional.of(random.nextLong() >>> 1) : Optional.empty(),
                optional > 3 ? Optional.of(random.nextLong() >>> 1) : Optional.empty(),
                optional > 4 ? Optional.of(Seeded.hash(random)) : Optional.empty(),
                optional > 5 ? Optional.of(Seeded.hash(random)) : Optional.empty());
    }
}
