/** The built-in algorithms that fit the churn interface. */
export type Algorithm = 'xgboost' | 'linear-learner';

// AWS publishes these accounts under "Docker Registry Paths and Example Code" of SageMaker's developer guide.
const registries: Readonly<Record<Algorithm, Readonly<Record<string, string>>>> = {
  xgboost: {
    'ap-northeast-1': '354813040037',
    'ap-south-1': '720646828776',
    'ap-southeast-1': '121021644041',
    'ap-southeast-2': '783357654285',
    'ca-central-1': '341280168497',
    'eu-central-1': '492215442770',
    'eu-north-1': '662702820516',
    'eu-west-1': '141502667606',
    'eu-west-2': '764974769150',
    'eu-west-3': '659782779980',
    'sa-east-1': '737474898029',
    'us-east-1': '683313688378',
    'us-east-2': '257758044811',
    'us-west-1': '746614075791',
    'us-west-2': '246618743249',
  },
  'linear-learner': {
    'ap-northeast-1': '351501993468',
    'ap-south-1': '991648021394',
    'ap-southeast-1': '475088953585',
    'ap-southeast-2': '712309505854',
    'ca-central-1': '469771592824',
    'eu-central-1': '664544806723',
    'eu-north-1': '669576153137',
    'eu-west-1': '438346466558',
    'eu-west-2': '644912444149',
    'eu-west-3': '749696950732',
    'sa-east-1': '855470959533',
    'us-east-1': '382416733822',
    'us-east-2': '404615174143',
    'us-west-1': '632365934929',
    'us-west-2': '174872318107',
  },
};

const repositories = { xgboost: 'sagemaker-xgboost:1.7-1', 'linear-learner': 'linear-learner:1' } as const;

/** The image of SageMaker's container for that algorithm and region. Throws a sentence for a region that is not listed. */
export function imageUri(algorithm: Algorithm, region: string): string {
  const account = registries[algorithm][region];
  if (!account) {
    throw new Error(
      `The account of SageMaker's images in ${region} is not listed here: add it to images.ts.`,
    );
  }
  return `${account}.dkr.ecr.${region}.amazonaws.com/${repositories[algorithm]}`;
}
