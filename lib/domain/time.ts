/**
 * Days that churn is about: a customer who orders nothing on so many days has churned. The features whose names end in `_90d`
 * look back as many days.
 */
export const horizonDays = 90;
