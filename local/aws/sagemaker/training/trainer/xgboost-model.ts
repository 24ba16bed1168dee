import { leafOf, type Tree, type TreeNode } from './boosted-trees';
import { sigmoid } from './metrics';

/** Trees, and the number of features they were trained on. */
export interface BoostedModel {
  readonly featureCount: number;
  readonly trees: readonly Tree[];
}

/** XGBoost's value for the parent of a root. */
const noParent = 2_147_483_647;

/** Probability of a row; NaN is a missing value. Compares in single precision, like XGBoost. */
export function boostedProbability({ trees }: BoostedModel, row: ArrayLike<number>): number {
  let margin = 0;
  for (const tree of trees) margin += leafOf(tree, (feature) => Math.fround(row[feature] ?? Number.NaN));
  return Math.fround(sigmoid(margin));
}

/**
 * The model as a JSON document of XGBoost 1.7 (xgboost.readthedocs.io, "Introduction to Model IO"), which the library
 * and SageMaker's container can load.
 */
export function toXgboostJson({ featureCount, trees }: BoostedModel): string {
  const feature = String(featureCount);
  const model = JSON.stringify({
    learner: {
      attributes: {},
      feature_names: [],
      feature_types: [],
      gradient_booster: {
        model: {
          gbtree_model_param: {
            num_parallel_tree: '1',
            num_trees: String(trees.length),
            size_leaf_vector: '0',
          },
          tree_info: trees.map(() => 0),
          trees: [treesGoHere],
        },
        name: 'gbtree',
      },
      learner_model_param: {
        base_score: '5E-1',
        boost_from_average: '1',
        num_class: '0',
        num_feature: feature,
        num_target: '1',
      },
      objective: { name: 'binary:logistic', reg_loss_param: { scale_pos_weight: '1' } },
    },
    version: [1, 7, 4],
  });
  const all = trees.map((tree, id) => treeJson(tree, id, feature)).join(',');
  return model.replace(`["${treesGoHere}"]`, () => `[${all}]`);
}

const treesGoHere = 'trees';

function treeJson(tree: Tree, id: number, feature: string): string {
  const every = <T>(pick: (node: TreeNode) => T): string => JSON.stringify(tree.map(pick));
  const members = {
    base_weights: singles(tree.map(({ baseWeight }) => baseWeight)),
    categories: '[]',
    categories_nodes: '[]',
    categories_segments: '[]',
    categories_sizes: '[]',
    default_left: every(({ defaultLeft }) => (defaultLeft ? 1 : 0)),
    id: String(id),
    left_children: every(({ left }) => left),
    loss_changes: singles(tree.map(({ gain }) => gain)),
    parents: every(({ parent }) => (parent < 0 ? noParent : parent)),
    right_children: every(({ right }) => right),
    split_conditions: singles(tree.map(({ value }) => value)),
    split_indices: every((node) => node.feature),
    split_type: every(() => 0),
    sum_hessian: singles(tree.map(({ hessian }) => hessian)),
    tree_param: JSON.stringify({
      ...{ num_deleted: '0', num_feature: feature },
      ...{ num_nodes: String(tree.length), size_leaf_vector: '0' },
    }),
  };
  const texts = Object.entries(members).map(([name, text]) => `"${name}":${text}`);
  return `{${texts.join(',')}}`;
}

/** XGBoost's reader distinguishes `1.0` from `1`, and refuses `1` where it expects a float. */
function singles(values: readonly number[]): string {
  const texts = values.map((value) => {
    const single = Math.fround(value);
    return Number.isInteger(single) ? `${single}.0` : String(single);
  });
  return `[${texts.join(',')}]`;
}

interface TreeJson {
  readonly left_children: readonly number[];
  readonly right_children: readonly number[];
  readonly split_conditions: readonly number[];
  readonly split_indices: readonly number[];
  readonly default_left: readonly (number | boolean)[];
  readonly parents: readonly number[];
}

interface ModelJson {
  readonly learner: {
    readonly gradient_booster: {
      readonly name: string;
      readonly model: { readonly trees: readonly TreeJson[] };
    };
    readonly learner_model_param: { readonly base_score: string; readonly num_feature: string };
    readonly objective: { readonly name: string };
  };
}

/** Reads such a document, from this trainer or from XGBoost. Throws a sentence when it cannot serve the model. */
export function fromXgboostJson(text: string): BoostedModel {
  const { learner } = JSON.parse(text) as ModelJson;
  const { gradient_booster: booster, learner_model_param: parameters, objective } = learner;
  if (
    booster.name !== 'gbtree' ||
    objective.name !== 'binary:logistic' ||
    Number(parameters.base_score) !== 0.5
  ) {
    throw new Error('This stand-in serves gbtree models of binary:logistic with base_score 0.5.');
  }
  const trees = booster.model.trees.map(treeOf);
  for (const [index, tree] of trees.entries()) {
    if (!isTree(tree)) throw new Error(`Tree ${index} of the model is no tree.`);
  }
  return { featureCount: Number(parameters.num_feature), trees };
}

/** Whether every path from the root ends in a leaf: a walk along another one may never end. */
function isTree(nodes: Tree): boolean {
  const seen = new Set<number>();
  const left = [0];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    const node = nodes[at];
    if (!node || seen.has(at)) return false;
    seen.add(at);
    if (node.left >= 0) left.push(node.left, node.right);
  }
  return true;
}

function treeOf(json: TreeJson): Tree {
  return json.left_children.map((left, index) => ({
    feature: json.split_indices[index] ?? 0,
    value: Math.fround(json.split_conditions[index] ?? 0),
    left,
    right: json.right_children[index] ?? -1,
    defaultLeft: Boolean(json.default_left[index]),
    parent: json.parents[index] ?? noParent,
    ...{ gain: 0, hessian: 0, baseWeight: 0 },
  }));
}
