package io.engram.genesis.rlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.rlp.RLP;
import org.apache.tuweni.rlp.RLPReader;
import org.apache.tuweni.rlp.RLPWriter;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RlpTest {

    @Test
    void encodeAndDecodeAreInverseAndAgreeWithTuweni() {
        Seeded.forSeeds(2_000, random -> {
            RlpItem item = item(random, 0);
            Bytes encoded = item.encode();
            assertThat(encoded).isEqualTo(RLP.encode(writer -> writeByTuweni(writer, item)));
            assertThat(RlpItem.decode(encoded)).isEqualTo(item);
            assertThat(RLP.decode(encoded, RlpTest::byTuweni)).isEqualTo(item);
        });
    }

    @Test
    void mutatedBytesAreRefusedOrEncodeToThemselves() {
        Seeded.forSeeds(20_000, random -> {
            Bytes mutated = Seeded.mutate(random, item(random, 0).encode());
            try {
                assertThat(RlpItem.decode(mutated).encode()).isEqualTo(mutated);
            } catch (RlpException e) {
                assertThat(e).hasMessageMatching(".+");
            }
        });
    }

    @Test
    void randomBytesAreRefusedOrEncodeToThemselves() {
        Seeded.forSeeds(20_000, random -> {
            Bytes bytes = Seeded.bytes(random, random.nextInt(40));
            try {
                assertThat(RlpItem.decode(bytes).encode()).isEqualTo(bytes);
            } catch (RlpException e) {
                assertThat(e).hasMessageMatching(".+");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x",
                "0x8100",
                "0x817f",
                "0xb800",
                "0xb80180",
                "0xb90038",
                "0xb8",
                "0x81",
                "0xc1",
                "0xf800",
                "0xf80180",
                "0xbf0f000000000000021111",
                "0xff0f000000000000021111",
                "0x8080",
                "0xc180c0",
                "0xbbffffffff",
                "0xbb7fffffff"
            })
    void whatIsNotCanonicalIsRefused(String hex) {
        assertThatThrownBy(() -> RlpItem.decode(Bytes.fromHexString(hex))).isInstanceOf(RlpException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x00", "0x8100", "0x820001", "0x8900", "0x89010000000000000000", "0xc0"})
    void aScalarHasNoLeadingZeroAndFits(String hex) {
        assertThatThrownBy(() -> RlpReader.of(Bytes.fromHexString(hex)).readUnsignedLong())
                .isInstanceOf(RlpException.class);
    }

    @Test
    void scalarsOfEverySizeComeBack() {
        Seeded.forSeeds(1_000, random -> {
            long value = random.nextLong() >>> random.nextInt(64);
            RlpReader reader = RlpReader.of(RlpWriter.items(writer -> writer.scalar(value)));
            assertThat(reader.readUnsignedLong()).isEqualTo(value);
            UInt256 wide = UInt256.fromBytes(Seeded.bytes(random, random.nextInt(33)));
            reader = RlpReader.of(RlpWriter.items(writer -> writer.scalar(wide)));
            assertThat(reader.readUInt256()).isEqualTo(wide);
            reader.end();
        });
    }

    @Test
    void countingItemsLeavesTheCursorWhereItWas() throws RlpException {
        RlpReader reader = RlpReader.ofList(Bytes.fromHexString("0xc401c0c105"));
        assertThat(reader.countRemaining()).isEqualTo(3);
        assertThat(reader.readInt()).isEqualTo(1);
        assertThat(reader.countRemaining()).isEqualTo(2);
        RlpReader broken = RlpReader.of(Bytes.fromHexString("0x0183"));
        assertThatThrownBy(broken::countRemaining).isInstanceOf(RlpException.class);
    }

    @Test
    void deepNestingIsAnErrorAndNotAStackOverflow() {
        Bytes nested = Bytes.of(0xc0);
        for (int depth = 0; depth < 2_000; depth++) {
            Bytes inner = nested;
            nested = RlpWriter.list(writer -> writer.raw(inner));
        }
        Bytes tooDeep = nested;
        assertThatThrownBy(() -> RlpItem.decode(tooDeep))
                .isInstanceOf(RlpException.class)
                .hasMessageContaining("1024");
    }

    private static RlpItem byTuweni(RLPReader reader) {
        if (!reader.nextIsList()) {
            return new RlpItem.Text(reader.readValue());
        }
        return new RlpItem.Sequence(reader.readListContents(RlpTest::byTuweni));
    }

    private static void writeByTuweni(RLPWriter writer, RlpItem item) {
        switch (item) {
            case RlpItem.Text text -> writer.writeValue(text.bytes());
            case RlpItem.Sequence sequence ->
                writer.writeList(inner -> sequence.items().forEach(member -> writeByTuweni(inner, member)));
        }
    }

    /** Every kind of value at sizes around those where a prefix grows. */
    @Test
    void valuesAreWrittenAsByTuweni() {
        Seeded.forSeeds(2_000, random -> {
            long number = random.nextLong() >>> random.nextInt(64);
            UInt256 wide = UInt256.fromBytes(Seeded.bytes(random, random.nextInt(33)));
            Hash hash = Seeded.hash(random);
            Hash small = Hash.of(wide.toArrayUnsafe());
            Address address = Seeded.address(random);
            int size =
                    List.of(0, 1, 54, 55, 56, 57, 255, 256, 257, 65_535, 65_536).get(random.nextInt(11));
            Bytes text = Seeded.bytes(random, size);
            Bytes slice = Seeded.bytes(random, 60).slice(random.nextInt(30), random.nextInt(1, 30));
            Bytes ours = RlpWriter.typedList(2, out -> {
                out.scalar(number);
                out.scalar(wide);
                out.scalar(small);
                out.hash(hash);
                out.address(address);
                out.address(Optional.empty());
                out.nested(List.of(text, slice, text), RlpWriter::bytes);
                out.nested(inner -> inner.raw(RlpWriter.list(empty -> {})));
            });
            Bytes theirs = RLP.encodeList(out -> {
                out.writeValue(Bytes.minimalBytes(number));
                out.writeValue(wide.toMinimalBytes());
                out.writeValue(wide.toMinimalBytes());
                out.writeValue(hash.toBytes());
                out.writeValue(address.toBytes());
                out.writeValue(Bytes.EMPTY);
                out.writeList(List.of(text, slice, text), RLPWriter::writeValue);
                out.writeList(inner -> inner.writeRLP(Bytes.of(0xc0)));
            });
            assertThat(ours).isEqualTo(Bytes.concatenate(Bytes.of(2), theirs));
        });
    }

    static RlpItem item(Random random, int depth) {
        if (depth > 3 || random.nextInt(3) == 0) {
            int size = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(3);
                case 1 -> 54 + random.nextInt(4);
                case 2 -> random.nextInt(400);
                default -> random.nextInt(40);
            };
            return new RlpItem.Text(Seeded.bytes(random, size));
        }
        List<RlpItem> items = new ArrayList<>();
        for (int count = random.nextInt(5); count > 0; count--) {
            items.add(item(random, depth + 1));
        }
        return new RlpItem.Sequence(items);
    }
}
