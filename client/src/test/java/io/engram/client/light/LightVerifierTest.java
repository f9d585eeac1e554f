package io.engram.client.light;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.ValidatorSet;
import io.engram.client.light.ProofVerdict.Reason;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.QbftConfig;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.commitment.MerkleProof;
import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/** Proofs of steps, held against a genesis alone. */
class LightVerifierTest {

    private static final List<SigningKey> KEYS =
            IntStream.rangeClosed(1, 12).mapToObj(SigningKey::of).toList();
    private static final List<SigningKey> FOUR = KEYS.subList(0, 4);
    private static final BlockHeader GENESIS = SealedHeaders.of(0, Hash.ZERO, FOUR, List.of());
    private static final LightGenesis TRUSTED = LightGenesis.of(GENESIS).orElseThrow();
    private static final Hash MODEL = new Hash(1, 2, 3, 4);

    private static final Tensor OPERAND = tensor(Shape.of(1, 3, 4_000));
    private static final Tensor RESULT = tensor(Shape.of(1, 7));

    /** Three steps, of which the middle one takes {@link #OPERAND} and makes {@link #RESULT}. */
    private static final List<StepLeaf> STEPS = IntStream.range(0, 3)
            .mapToObj(i -> new StepLeaf(
                    MODEL,
                    i,
                    3,
                    Commitments.attributeHash(new int[] {i}),
                    List.of(Commitments.tensorRoot(OPERAND), new Hash(i, 0, 0, 9)),
                    List.of(Commitments.tensorRoot(RESULT))))
            .toList();

    private static final List<InferenceReceipt> RECEIPTS = IntStream.range(0, 5)
            .mapToObj(i -> new InferenceReceipt(
                    i / 2,
                    i % 2,
                    MODEL,
                    new Hash(5, 5, 5, i),
                    new Hash(6, 6, 6, i),
                    Commitments.stepsRoot(STEPS),
                    1_000 + i,
                    Address.ZERO,
                    Wei.of(i)))
            .toList();

    private static Tensor tensor(Shape shape) {
        Tensor tensor = Tensor.zeros(TensorType.INT8, shape);
        for (int i = 0; i < shape.elements(); i++) {
            tensor.set(i, i * 31 % 251 - 125);
        }
        return tensor;
    }

    private static BlockHeader block(long number, List<SigningKey> validators, List<SigningKey> sealers) {
        return SealedHeaders.of(number, InferenceRoot.of(RECEIPTS), validators, sealers);
    }

    private static LightProof proof(List<BlockHeader> trail, BlockHeader header) {
        return new LightProof(
                GENESIS,
                trail,
                header,
                RECEIPTS.get(3),
                InferenceRoot.tree(RECEIPTS).proof(3),
                STEPS.get(1),
                Commitments.stepTree(STEPS).proof(1),
                List.of(
                        TensorChunk.of(TensorChunk.Side.INPUT, 0, OPERAND, 2),
                        TensorChunk.of(TensorChunk.Side.OUTPUT, 0, RESULT, 0)));
    }

    private static LightProof plain() {
        return proof(List.of(), block(9, FOUR, FOUR.subList(0, 3)));
    }

    private static ProofVerdict verify(LightProof proof) {
        return LightVerifier.verify(LightProofCodec.encode(proof), Optional.of(TRUSTED));
    }

    private static void assertRefused(LightProof proof, Reason reason, String detail) {
        assertThat(verify(proof)).isInstanceOfSatisfying(ProofVerdict.Refused.class, refused -> {
            assertThat(refused.reason()).as(refused.detail()).isEqualTo(reason);
            assertThat(refused.detail()).contains(detail);
        });
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Test
    void aProofIsAcceptedAndDecodesToWhatWasEncoded() throws Exception {
        assertThat(verify(plain())).isInstanceOf(ProofVerdict.Accepted.class);
        assertThat(LightProofCodec.decode(LightProofCodec.encode(plain()))).isEqualTo(plain());
    }

    @Test
    void everyFlippedByteIsRefused() {
        List<SigningKey> five = KEYS.subList(0, 5);
        LightProof proof = proof(
                List.of(SealedHeaders.of(4, Hash.ZERO, five, five.subList(1, 5))), block(9, five, five.subList(0, 4)));
        assertThat(verify(proof)).isInstanceOf(ProofVerdict.Accepted.class);
        byte[] encoded = LightProofCodec.encode(proof).toArray();
        long seed = 20_261_125;
        RandomGenerator random = random(seed);
        for (int i = 0; i < encoded.length; i++) {
            byte[] flipped = encoded.clone();
            flipped[i] ^= (byte) random.nextInt(1, 256);
            assertThat(LightVerifier.verify(Bytes.wrap(flipped), Optional.of(TRUSTED)))
                    .as("seed %d, byte %d of %d", seed, i, encoded.length)
                    .isInstanceOf(ProofVerdict.Refused.class);
        }
    }

    @Test
    void randomAndCutBytesAreMalformed() {
        byte[] encoded = LightProofCodec.encode(plain()).toArray();
        for (long seed = 0; seed < 2_000; seed++) {
            RandomGenerator random = random(seed);
            byte[] bytes = new byte[random.nextInt(600)];
            random.nextBytes(bytes);
            Bytes given = seed % 2 == 0 ? Bytes.wrap(bytes) : Bytes.wrap(encoded, 0, random.nextInt(encoded.length));
            assertThat(LightVerifier.verify(given, Optional.empty()))
                    .as("seed %d", seed)
                    .isInstanceOfSatisfying(
                            ProofVerdict.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Reason.MALFORMED));
        }
    }

    @Test
    void eachFaultHasItsReason() {
        LightProof good = plain();
        BlockHeader header = good.header();
        assertRefused(proof(List.of(), block(9, FOUR, FOUR.subList(0, 2))), Reason.SEALS, "2 committed seals");
        assertRefused(
                proof(List.of(), block(9, FOUR, List.of(FOUR.get(0), FOUR.get(0), FOUR.get(1)))),
                Reason.SEALS,
                "second");
        assertRefused(proof(List.of(), block(9, FOUR, KEYS.subList(2, 5))), Reason.SEALS, "not one of the validators");
        assertRefused(proof(List.of(header), header), Reason.ORDER, "does not come after");
        assertRefused(proof(List.of(), block(0, FOUR, FOUR)), Reason.ORDER, "does not come after");
        List<SigningKey> strangers = KEYS.subList(3, 7);
        assertRefused(proof(List.of(), block(9, strangers, strangers)), Reason.VALIDATORS, "only 1 of those");
        assertRefused(
                replaced(good, RECEIPTS.get(2), good.receiptPath(), good.step(), good.stepPath(), good.chunks()),
                Reason.RECEIPT,
                "inference root");
        assertRefused(
                replaced(
                        good,
                        good.receipt(),
                        new MerkleProof(3, 6, good.receiptPath().path()),
                        good.step(),
                        good.stepPath(),
                        good.chunks()),
                Reason.RECEIPT,
                "lead to");
        assertRefused(
                replaced(good, good.receipt(), good.receiptPath(), STEPS.get(0), good.stepPath(), good.chunks()),
                Reason.STEP,
                "steps root");
        assertRefused(
                replaced(
                        good,
                        good.receipt(),
                        good.receiptPath(),
                        good.step(),
                        good.stepPath(),
                        List.of(TensorChunk.of(TensorChunk.Side.INPUT, 0, RESULT, 0))),
                Reason.CHUNK,
                "tensor root");
        assertRefused(
                replaced(
                        good,
                        good.receipt(),
                        good.receiptPath(),
                        good.step(),
                        good.stepPath(),
                        List.of(TensorChunk.of(TensorChunk.Side.OUTPUT, 1, RESULT, 0))),
                Reason.CHUNK,
                "tensor 1 of 1");
        LightGenesis other =
                LightGenesis.of(SealedHeaders.of(0, MODEL, FOUR, List.of())).orElseThrow();
        assertThat(LightVerifier.verify(LightProofCodec.encode(good), Optional.of(other)))
                .isInstanceOfSatisfying(
                        ProofVerdict.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.OTHER_CHAIN));
        LightGenesis later = new LightGenesis(TRUSTED.hash(), TRUSTED.validators(), List.of(), 10);
        assertThat(LightVerifier.verify(LightProofCodec.encode(good), Optional.of(later)))
                .isInstanceOfSatisfying(
                        ProofVerdict.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.ORDER));
    }

    private static LightProof replaced(
            LightProof proof,
            InferenceReceipt receipt,
            MerkleProof receiptPath,
            StepLeaf step,
            MerkleProof stepPath,
            List<TensorChunk> chunks) {
        return new LightProof(
                proof.genesis(), proof.trail(), proof.header(), receipt, receiptPath, step, stepPath, chunks);
    }

    @Test
    void aSetThatTheGenesisFileNamesNeedsNoSealsOfTheOldOne() {
        List<SigningKey> strangers = KEYS.subList(4, 8);
        ValidatorSet named =
                new ValidatorSet(strangers.stream().map(SigningKey::address).toList());
        LightGenesis genesis = new LightGenesis(
                TRUSTED.hash(),
                TRUSTED.validators(),
                List.of(new LightGenesis.Named(new QbftConfig.Start.AtBlock(9), named)),
                0);
        Bytes then = LightProofCodec.encode(proof(List.of(), block(9, strangers, strangers)));
        Bytes before = LightProofCodec.encode(proof(List.of(), block(8, strangers, strangers)));
        assertThat(LightVerifier.verify(then, Optional.of(genesis))).isInstanceOf(ProofVerdict.Accepted.class);
        assertThat(LightVerifier.verify(before, Optional.of(genesis))).isInstanceOf(ProofVerdict.Refused.class);
    }

    @Test
    void theProverFindsAWayThroughAnyChangesOfTheValidators() {
        for (long seed = 1; seed <= 40; seed++) {
            RandomGenerator random = random(seed);
            List<BlockHeader> chain = new ArrayList<>(List.of(GENESIS));
            List<SigningKey> present = new ArrayList<>(FOUR);
            int length = 1 + random.nextInt(60);
            for (int number = 1; number <= length; number++) {
                if (random.nextInt(3) == 0) {
                    change(present, random);
                }
                int quorum = (2 * present.size() + 2) / 3;
                List<SigningKey> sealers = new ArrayList<>(present);
                while (sealers.size() > quorum) {
                    SigningKey _ = sealers.remove(random.nextInt(sealers.size()));
                }
                chain.add(block(number, List.copyOf(present), sealers));
            }
            LightProver prover = new LightProver(number -> Optional.of(chain.get((int) number)), TRUSTED);
            Optional<List<BlockHeader>> trail = prover.trail(chain.getLast());
            assertThat(trail).as("seed %d", seed).isPresent();
            assertThat(verify(proof(trail.orElseThrow(), chain.getLast())))
                    .as("seed %d, trail of %d of %d", seed, trail.orElseThrow().size(), length)
                    .isInstanceOf(ProofVerdict.Accepted.class);
        }
    }

    /** One validator more or less, as one vote decides. */
    private static void change(List<SigningKey> present, RandomGenerator random) {
        List<SigningKey> absent = new ArrayList<>(KEYS);
        absent.removeAll(present);
        boolean add = present.size() == 1 || (!absent.isEmpty() && random.nextBoolean());
        if (add) {
            present.add(absent.get(random.nextInt(absent.size())));
        } else {
            SigningKey _ = present.remove(random.nextInt(present.size()));
        }
    }
}
