export const round: number = 0
